import {
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  type VariableDefinitionNode,
} from 'graphql'
import type { OperationType } from '../http/metrics.ts'
import { RequestError } from './errors.ts'
import type { GraphQLRequest } from './request.ts'

/** Refuses a type of operation that the schema has not: carried out by GraphQL itself, it would be an answer without data. */
export const refuseUnknownType = (schema: GraphQLSchema, operation: OperationType): void => {
  const known: Partial<Record<OperationType, unknown>> = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }
  if (!known[operation])
    throw new RequestError([
      { message: `There is no ${operation} here.`, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ])
}

/** Why the variables do not fit the operation, in words that name them; what is known of it already where they do. */
export const variableErrors = (
  schema: GraphQLSchema,
  query: string,
  { operationName, variables }: GraphQLRequest,
  known: readonly unknown[],
): readonly unknown[] => {
  const operation = getOperationAST(parse(query), operationName) as OperationDefinitionNode // it was found before
  const definitions = operation.variableDefinitions as VariableDefinitionNode[] // the parser always makes a list
  const { errors = known } = getVariableValues(schema, definitions, variables, { maxErrors: 50 })
  return errors
}
