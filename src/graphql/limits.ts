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

/** Rejects deep documents before any of them is executed. */
export const limitDepth = (context: ValidationContext): ASTVisitor => ({
  OperationDefinition(node) {
    if (selectionDepth(node.selectionSet, context, new Map()) > maxDepth)
      context.reportError(limitError(`The query is more than ${maxDepth} levels deep.`, node))
    return false
  },
})

/** Rejects documents with many aliases, which repeat expensive fields. */
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

/** Returns the levels of fields below a selection. Introspection does not count: graphql limits it, and the usual query is deep. */
const selectionDepth = (
  selectionSet: SelectionSetNode | undefined,
  context: ValidationContext,
  fragmentDepths: Map<string, number>,
): number => {
  let deepest = 0
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      if (!selection.name.value.startsWith('__'))
        deepest = Math.max(deepest, 1 + selectionDepth(selection.selectionSet, context, fragmentDepths))
    } else if (selection.kind === Kind.INLINE_FRAGMENT)
      deepest = Math.max(deepest, selectionDepth(selection.selectionSet, context, fragmentDepths))
    else deepest = Math.max(deepest, fragmentDepth(context.getFragment(selection.name.value), context, fragmentDepths))
  }
  return deepest
}

/** Measures each fragment once. A fragment that contains itself counts as 0 there: another rule rejects it. */
const fragmentDepth = (
  fragment: FragmentDefinitionNode | null | undefined,
  context: ValidationContext,
  fragmentDepths: Map<string, number>,
): number => {
  if (fragment === null || fragment === undefined) return 0
  const measured = fragmentDepths.get(fragment.name.value)
  if (measured !== undefined) return measured
  fragmentDepths.set(fragment.name.value, 0)
  const depth = selectionDepth(fragment.selectionSet, context, fragmentDepths)
  fragmentDepths.set(fragment.name.value, depth)
  return depth
}
