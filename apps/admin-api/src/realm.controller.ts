import { Body, Get, Headers, HttpCode, Inject, Post, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type {
  Caller,
  RealmApplyAnswer,
  RealmDocumentRequest,
  RealmGetAnswer,
  RealmPlanAnswer,
} from '@portico/contracts';
import type { FastifyReply } from 'fastify';
import { CallerOf, ForAdmins } from './access/access.guard.js';
import { Problem } from './http/problem.js';
import { RetireBody } from './http/policy-requests.js';
import { RealmBody } from './http/requests.js';
import { schemaRef } from './http/schemas.js';
import { TenantController } from './http/tenant-controller.js';
import { knownFieldsOf } from './known-fields.js';
import { Services } from './services.js';

/** `"3"` or `3`; weak tags compare the same here, for a version is the document. */
const expectedVersionOf = (ifMatch: string | undefined): { expectedVersion?: number } => {
  if (ifMatch === undefined || ifMatch === '*') return {};
  const [, version] = /^(?:W\/)?"?(\d{1,15})"?$/.exec(ifMatch) ?? [];
  if (version === undefined)
    throw new Problem(400, 'invalid', 'If-Match takes the version that GET answered, such as "3".');
  return { expectedVersion: Number(version) };
};

const requestOf = (body: RealmBody, ifMatch: string | undefined): RealmDocumentRequest => ({
  ...body,
  ...expectedVersionOf(ifMatch),
});

const ifMatchHeader = {
  name: 'If-Match',
  required: false,
  description: 'The same as `expectedVersion`; `*` and no header compare nothing',
};
@TenantController('/realm')
export class RealmController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Get()
  @ApiOperation({ summary: 'The stored realm and its version' })
  @ApiOkResponse({ schema: schemaRef('Realm') })
  async get(@CallerOf() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<RealmGetAnswer> {
    const realm = await this.services.realm(caller, {});
    void reply.header('etag', `"${realm.version}"`);
    return realm;
  }

  @Post('plan')
  @HttpCode(200)
  @ApiOperation({ summary: 'What applying a realm would change; changes nothing' })
  @ApiHeader(ifMatchHeader)
  @ApiOkResponse({ schema: schemaRef('RealmPlan') })
  async plan(
    @CallerOf() caller: Caller,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: RealmBody,
  ): Promise<RealmPlanAnswer> {
    const request = requestOf(body, ifMatch);
    return this.services.planRealm(caller, {
      ...request,
      ...(await knownFieldsOf(this.services, caller, body.document)),
    });
  }

  @Put()
  @ForAdmins()
  @ApiOperation({
    summary: 'Apply a realm; the same one twice changes nothing',
    description:
      'With `expectedVersion` or `If-Match` it is refused (409) where another version is stored, also where it would change nothing. Without either it takes the place of whatever is stored: an edit of somebody else is undone. Every version is kept.',
  })
  @ApiHeader(ifMatchHeader)
  @ApiOkResponse({ schema: schemaRef('RealmApplied') })
  async apply(
    @CallerOf() caller: Caller,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: RealmBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RealmApplyAnswer> {
    const request = requestOf(body, ifMatch);
    const known = await knownFieldsOf(this.services, caller, body.document);
    const answer = await this.services.applyRealm(caller, { ...request, ...known });
    void reply.header('etag', `"${answer.version}"`);
    return answer;
  }

  @Post('retire')
  @HttpCode(200)
  @ForAdmins()
  @ApiOperation({ summary: 'Take the tenant out: Portico stops there, and touches no account' })
  @ApiOkResponse({ schema: schemaRef('RealmApplied') })
  retire(@CallerOf() caller: Caller, @Body() body: RetireBody): Promise<RealmApplyAnswer> {
    return this.services.retireRealm(caller, { ...body });
  }
}
