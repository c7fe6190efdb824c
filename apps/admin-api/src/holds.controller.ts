import { Body, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Caller, HeldView, HoldApproveAnswer, HoldPeopleAnswer, HoldsAnswer, Page } from '@portico/contracts';
import { CallerOf, ForAdmins } from './access/access.guard.js';
import { ApproveBody, HoldPath } from './http/hold-requests.js';
import { PageQuery } from './http/requests.js';
import { schemaRef } from './http/schemas.js';
import { TenantController } from './http/tenant-controller.js';
import { namePeople, type Named } from './name-people.js';
import { Services } from './services.js';

type HeldPage = Page<Named<HeldView>> & Pick<HoldPeopleAnswer, 'digest'>;

/** What the gate keeps back until an admin approves it. */
@TenantController('/holds')
export class HoldsController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Get()
  @ApiOperation({ summary: 'What the gate keeps back, by portal and cause, the oldest first' })
  @ApiOkResponse({ schema: schemaRef('Holds') })
  holds(@CallerOf() caller: Caller): Promise<HoldsAnswer> {
    return this.services.holds(caller, {});
  }

  @Get(':portal/:causeId/people')
  @ApiOperation({ summary: 'From whom access would be taken, and how; with the digest that an approval names' })
  @ApiOkResponse({ schema: schemaRef('HeldPage') })
  async people(
    @CallerOf() caller: Caller,
    @Param() { portal, causeId }: HoldPath,
    @Query() query: PageQuery,
  ): Promise<HeldPage> {
    const { digest, ...page } = await this.services.holdPeople(caller, { portal, causeId, ...query });
    return { ...(await namePeople(this.services, caller, page)), digest };
  }

  @Post(':portal/:causeId/approval')
  @HttpCode(200)
  @ForAdmins()
  @ApiOperation({
    summary: 'Let access be taken from exactly those whose digest it is; refused where the set has changed since',
  })
  @ApiOkResponse({ schema: schemaRef('HoldApproval') })
  approve(
    @CallerOf() caller: Caller,
    @Param() { portal, causeId }: HoldPath,
    @Body() { digest }: ApproveBody,
  ): Promise<HoldApproveAnswer> {
    return this.services.approveHold(caller, { portal, causeId, digest });
  }
}
