import {
  type ASTNode,
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'

export const maxDepth = 10
export const maxAliases = 30

/** Refuses documents that no page needs, before anything of them is carried out. */
export const limitDepth = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (selectionDepth(node.selectionSet, context, new Map()) > maxDepth)
      context.reportError(limitError(`The query is more than ${maxDepth} levels deep.`, node))
    return false
  },
})

export const limitAliases = (context: ValidationContext): ASTVisitor => {
  let aliases = 0
  return {
    Field(node) {
      aliases += node.alias === undefined ? 0 : 1
      if (aliases === maxAliases + 1)
        context.reportError(limitError(`The query has more than ${maxAliases} aliases.`, node))
    },
  }
}

const limitError = (message: string, node: ASTNode): GraphQLError =>
  new GraphQLError(message, { nodes: node, extensions: { code: 'COST_LIMIT' } })

/** Levels of fields below a selection. Introspection is bounded by graphql itself, and its usual query is deeper than any page. */
const selectionDepth = (set: SelectionSetNode | undefined, context: ValidationContext, known: Map<string, number>): number => {
  let deepest = 0
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      if (!selection.name.value.startsWith('__'))
        deepest = Math.max(deepest, 1 + selectionDepth(selection.selectionSet, context, known))
    } else if (selection.kind === Kind.INLINE_FRAGMENT)
      deepest = Math.max(deepest, selectionDepth(selection.selectionSet, context, known))
    else deepest = Math.max(deepest, fragmentDepth(context.getFragment(selection.name.value), context, known))
  }
  return deepest
}

/** Each fragment is measured once, and one that holds itself ends there: another rule refuses it. */
const fragmentDepth = (
  fragment: FragmentDefinitionNode | null | undefined,
  context: ValidationContext,
  known: Map<string, number>,
): number => {
  if (fragment === null || fragment === undefined) return 0
  const measured = known.get(fragment.name.value)
  if (measured !== undefined) return measured
  known.set(fragment.name.value, 0)
  const depth = selectionDepth(fragment.selectionSet, context, known)
  known.set(fragment.name.value, depth)
  return depth
}
