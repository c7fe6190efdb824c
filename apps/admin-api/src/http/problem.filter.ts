import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { LOGGER, type Logger } from '@portico/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode } from './problem.js';

const codeOf = (status: number): ProblemCode => {
  if (status === 404 || status === 405) return 'not-found';
  if (status >= 400 && status < 500) return 'invalid';
  return status === 503 ? 'unavailable' : 'internal';
};

/** Fastify's own errors, such as a body that is no JSON. */
const isFastifyError = (error: unknown): error is Error & { statusCode: number } =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500;

/** Every error as a problem; one that nobody foresaw tells the caller nothing of itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { url } = host.switchToHttp().getRequest<FastifyRequest>();
    // The probes' own answers say which of them is down.
    if (error instanceof HttpException && !url.startsWith('/v1/')) {
      void reply.status(error.getStatus()).send(error.getResponse());
      return;
    }
    const { body } = this.problemOf(error);
    void reply.status(body.status).header('content-type', 'application/problem+json').send(JSON.stringify(body));
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    if (error instanceof HttpException) return new Problem(error.getStatus(), codeOf(error.getStatus()), error.message);
    if (isFastifyError(error)) return new Problem(error.statusCode, codeOf(error.statusCode), error.message);
    this.logger.error({ err: error }, 'a request failed');
    return new Problem(500, 'internal', 'This is a fault of Portico: the platform team finds it in the log.');
  }
}
