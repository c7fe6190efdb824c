import {
  createParamDecorator,
  Inject,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { SLUG, type Caller } from '@portico/contracts';
import { LOGGER, type Logger } from '@portico/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { TokenFile } from './token-file.js';
import { TokensFileError, type Grant } from './tokens.js';

const FOR_ADMINS = 'portico:for-admins';

/** The route changes something: a viewer's token is not enough. */
export const ForAdmins = () => SetMetadata(FOR_ADMINS, true);

interface GuardedRequest extends FastifyRequest {
  grant?: Grant;
  caller?: Caller;
}

const guardedRequest = (context: ExecutionContext) => context.switchToHttp().getRequest<GuardedRequest>();

/** What the token allows. */
export const GrantOf = createParamDecorator((_: unknown, context: ExecutionContext) => guardedRequest(context).grant);

/** Who asks, and about which tenant: the one in the path. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext) => guardedRequest(context).caller);

const tokenOf = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

const tenantOf = (request: FastifyRequest): string | undefined => (request.params as { tenant?: string }).tenant;

/** Lets in whoever has a token for the tenant in the path and the role that the route needs. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(TokenFile) private readonly tokens: TokenFile,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = guardedRequest(context);
    const grant = await this.grantOf(request, context);
    request.grant = grant;
    const tenant = tenantOf(request);
    if (tenant !== undefined) request.caller = this.callerFor(grant, tenant);
    if (grant.role !== 'admin' && this.reflector.get<boolean>(FOR_ADMINS, context.getHandler())) {
      throw new Problem(403, 'forbidden', 'This token may only read: use one with the role admin.');
    }
    return true;
  }

  private async grantOf(request: FastifyRequest, context: ExecutionContext): Promise<Grant> {
    const token = tokenOf(request);
    const grant = token === undefined ? undefined : await this.lookUp(token);
    if (grant) return grant;
    context.switchToHttp().getResponse<FastifyReply>().header('www-authenticate', 'Bearer');
    throw token === undefined
      ? new Problem(401, 'unauthorised', 'Send a token: "Authorization: Bearer <token>".')
      : new Problem(401, 'unauthorised', 'This token is not known: ask the platform team for one.');
  }

  private async lookUp(token: string): Promise<Grant | undefined> {
    try {
      return await this.tokens.grantFor(token);
    } catch (error) {
      if (!(error instanceof TokensFileError)) throw error;
      this.logger.error(error.message);
      throw new Problem(
        503,
        'unavailable',
        'The tokens file is broken: the platform team finds its faults in the log.',
      );
    }
  }

  private callerFor(grant: Grant, tenant: string): Caller {
    if (!SLUG.test(tenant)) throw new Problem(404, 'not-found', 'A tenant is named by a-z, 0-9 and -, at most 40.');
    if (grant.tenant !== '*' && grant.tenant !== tenant) {
      throw new Problem(403, 'forbidden', `This token is for another tenant than ${tenant}.`);
    }
    return { tenant, role: grant.role, name: grant.name };
  }
}
