import { Body, Get, HttpCode, Inject, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type {
  Caller,
  ExampleView,
  RealmApplyAnswer,
  VersionAnswer,
  VersionDiffAnswer,
  VersionsPage,
} from '@portico/contracts';
import { CallerOf, ForAdmins } from './access/access.guard.js';
import { DiffQuery, RollbackBody } from './http/policy-requests.js';
import { PageQuery } from './http/requests.js';
import { schemaRef } from './http/schemas.js';
import { TenantController } from './http/tenant-controller.js';
import { Services } from './services.js';

/** Versions of the policy, and the examples that are saved with it. */
@TenantController('/policy')
export class PolicyController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Get('versions')
  @ApiOperation({ summary: 'Every version that was applied, newest first' })
  @ApiOkResponse({ schema: schemaRef('VersionsPage') })
  history(@CallerOf() caller: Caller, @Query() query: PageQuery): Promise<VersionsPage> {
    return this.services.realmHistory(caller, { ...query });
  }

  @Get('versions/:version')
  @ApiOperation({ summary: 'A version, with its document' })
  @ApiParam({ name: 'version', schema: { type: 'integer' } })
  @ApiOkResponse({ schema: schemaRef('Version') })
  version(@CallerOf() caller: Caller, @Param('version', ParseIntPipe) version: number): Promise<VersionAnswer> {
    return this.services.realmVersion(caller, { version });
  }

  @Get('diff')
  @ApiOperation({ summary: 'What two versions differ in' })
  @ApiOkResponse({ schema: schemaRef('VersionDiff') })
  diff(@CallerOf() caller: Caller, @Query() query: DiffQuery): Promise<VersionDiffAnswer> {
    return this.services.realmDiff(caller, { ...query });
  }

  @Post('rollback')
  @HttpCode(200)
  @ForAdmins()
  @ApiOperation({ summary: 'Make a new version of an old one’s content; with `dryRun` only the difference is shown' })
  @ApiOkResponse({ schema: schemaRef('RealmApplied') })
  rollback(@CallerOf() caller: Caller, @Body() body: RollbackBody): Promise<RealmApplyAnswer> {
    return this.services.rollbackRealm(caller, { ...body });
  }

  @Get('examples')
  @ApiOperation({ summary: 'The examples that are saved with the policy, and how they stand now' })
  @ApiOkResponse({ schema: { type: 'array', items: schemaRef('Example') } })
  examples(@CallerOf() caller: Caller): Promise<readonly ExampleView[]> {
    return this.services.examples(caller, {});
  }
}
