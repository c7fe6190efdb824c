import { Body, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { Caller, EndAccessAnswer, FindPeopleAnswer } from '@portico/contracts';
import { CallerOf, ForAdmins } from './access/access.guard.js';
import { explainPerson, type PersonExplanation } from './explain-person.js';
import { EndAccessBody, ExplainQuery, FindQuery } from './http/policy-requests.js';
import { schemaRef } from './http/schemas.js';
import { TenantController } from './http/tenant-controller.js';
import { Services } from './services.js';

/** Why people belong where they do, and the end of that for all of them. */
@TenantController('/access')
export class AccessController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Get('find')
  @ApiOperation({ summary: 'Who somebody is, by employee id, e-mail address or name; nearest first' })
  @ApiOkResponse({ schema: schemaRef('FoundPeople') })
  find(@CallerOf() caller: Caller, @Query() { text }: FindQuery): Promise<FindPeopleAnswer> {
    return this.services.findPeople(caller, { text });
  }

  @Get('explain/:employee')
  @ApiParam({ name: 'employee', schema: { type: 'string' }, description: 'BambooHR employee id' })
  @ApiOperation({
    summary: 'Why a person has access or not, now, at any past moment or on a day ahead, and what would change it',
  })
  @ApiOkResponse({ schema: schemaRef('Explanation') })
  explain(
    @CallerOf() caller: Caller,
    @Param('employee') employeeId: string,
    @Query() query: ExplainQuery,
  ): Promise<PersonExplanation> {
    return explainPerson(this.services, caller, { employeeId, ...query });
  }

  @Post('end')
  @HttpCode(200)
  @ForAdmins()
  @ApiOperation({
    summary:
      'End the access of everybody in a portal, or in all: says how many, and does it with that number confirmed',
  })
  @ApiOkResponse({ schema: schemaRef('EndedAccess') })
  end(@CallerOf() caller: Caller, @Body() body: EndAccessBody): Promise<EndAccessAnswer> {
    return this.services.endAccess(caller, { ...body });
  }
}
