import { Body, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type {
  Caller,
  CorrelateAnswer,
  CreatedView,
  InviteView,
  Page,
  PersonView,
  SourceRunAnswer,
} from '@portico/contracts';
import { CLOCK, type Clock } from '@portico/service-kit';
import { CallerOf, ForAdmins } from './access/access.guard.js';
import { askStatus, type TenantStatus } from './ask-status.js';
import { Problem } from './http/problem.js';
import { CorrelateBody, CreatedQuery, PageQuery, PersonPath, PeopleQuery, RunBody } from './http/requests.js';
import { schemaRef } from './http/schemas.js';
import { TenantController } from './http/tenant-controller.js';
import { namePeople, type Named } from './name-people.js';
import { refuseUnknownPortal } from './refuse-unknown-portal.js';
import { Services } from './services.js';

/** A moment, or a time back from now. */
const momentOf = (since: string, clock: Clock): string => {
  try {
    if (!since.startsWith('P')) return Temporal.Instant.from(since).toString();
    return clock.now().toZonedDateTimeISO('UTC').subtract(since).toInstant().toString();
  } catch {
    throw new Problem(400, 'invalid', 'Correct what the faults name.', {
      faults: [
        { path: 'since', message: 'is neither a moment such as 2026-01-12T10:00:00Z nor a duration such as PT2H' },
      ],
    });
  }
};

/** Whoever has the link can take the account: it is for those who may hand it out. */
const withoutLink = ({ acceptUrl: _, ...invite }: Named<InviteView>): Named<InviteView> => invite;

@TenantController()
export class TenantsController {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'What the three services say, how far the newest state has come, and what needs attention' })
  @ApiOkResponse({ schema: schemaRef('Status') })
  status(@CallerOf() caller: Caller): Promise<TenantStatus> {
    return askStatus(this.services, caller);
  }

  @Post('runs')
  @HttpCode(202)
  @ForAdmins()
  @ApiOperation({ summary: 'Read BambooHR now' })
  @ApiAcceptedResponse({ schema: schemaRef('Run') })
  run(@CallerOf() caller: Caller, @Body() { kind }: RunBody): Promise<SourceRunAnswer> {
    return this.services.run(caller, { kind });
  }

  @Get('people')
  @ApiOperation({ summary: 'Employees × portals: wanted, actual, pending, and why' })
  @ApiOkResponse({ schema: schemaRef('PeoplePage') })
  async people(@CallerOf() caller: Caller, @Query() query: PeopleQuery): Promise<Page<Named<PersonView>>> {
    const { employee, ...filter } = query;
    const request = { ...filter, ...(employee === undefined ? {} : { employeeIds: employee }) };
    const page = await this.services.people(caller, request);
    const isEmpty = page.rows.every(({ cells }) => cells.length === 0);
    if (query.portal !== undefined && isEmpty) await refuseUnknownPortal(this.services, caller, query.portal);
    return namePeople(this.services, caller, page);
  }

  @Post('people/:employeeId/correlations')
  @HttpCode(200)
  @ForAdmins()
  @ApiOperation({
    summary: "Say that an account which is there is this employee's, whatever name or identifier it has",
  })
  @ApiOkResponse({ schema: schemaRef('Correlation') })
  correlate(
    @CallerOf() caller: Caller,
    @Param() { employeeId }: PersonPath,
    @Body() { portal, accountId }: CorrelateBody,
  ): Promise<CorrelateAnswer> {
    return this.services.correlate(caller, { employeeId, portal, accountId });
  }

  @Get('invites')
  @ApiOperation({ summary: 'Invites that wait to be accepted; the link to accept is for admins only' })
  @ApiOkResponse({ schema: schemaRef('InvitesPage') })
  async invites(@CallerOf() caller: Caller, @Query() query: PageQuery): Promise<Page<Named<InviteView>>> {
    const page = await namePeople(this.services, caller, await this.services.invites(caller, { ...query }));
    return caller.role === 'admin' ? page : { ...page, rows: page.rows.map(withoutLink) };
  }

  @Get('created')
  @ApiOperation({ summary: 'Accounts that Portico created since a moment' })
  @ApiOkResponse({ schema: schemaRef('CreatedPage') })
  async created(@CallerOf() caller: Caller, @Query() query: CreatedQuery): Promise<Page<Named<CreatedView>>> {
    const since = momentOf(query.since, this.clock);
    return namePeople(this.services, caller, await this.services.created(caller, { ...query, since }));
  }
}
