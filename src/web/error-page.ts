import type { FastifyReply, FastifyRequest } from 'fastify'
import { failures } from '../errors.ts'
import { preferredType } from '../http/media-types.ts'
import { sendProblem, toFailure } from '../http/problem.ts'
import { html } from './html.ts'
import { page, pagePolicy } from './page-frame.ts'

/** A page for a browser that asks for one, the usual problem for everybody else. */
export const sendRefusal = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  reply.header('vary', 'Accept')
  const failure = toFailure(error)
  if (failure.status >= 500 || !wantsPage(request)) return sendProblem(error, request, reply)
  const { title } = failures[failure.code]
  return reply
    .code(failure.status)
    .headers({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy(false),
    })
    .send(
      page({
        title,
        language: 'en',
        script: false,
        watch: false,
        body: html`<header>
<h1>${title}</h1>
<p class="lead">${failure.message}</p>
<p><a href="/">To the beginning</a></p>
</header>`,
      }),
    )
}

const wantsPage = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  preferredType(accept, ['application/problem+json', 'application/json', 'text/html']) === 'text/html'
