import { Body, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { Caller, Page, WhatIfAnswer, WhatIfPerson, WhatIfStarted } from '@portico/contracts';
import { CallerOf } from './access/access.guard.js';
import { WhatIfBody, WhatIfPeopleQuery } from './http/policy-requests.js';
import { schemaRef } from './http/schemas.js';
import { TenantController } from './http/tenant-controller.js';
import { knownFieldsOf } from './known-fields.js';
import { namePeople, type Named } from './name-people.js';
import { Services } from './services.js';

const idParam = { name: 'id', schema: { type: 'string' } } as const;

/** What a draft would make of everybody. Asking changes nothing. */
@TenantController('/what-if')
export class WhatIfController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Decide everybody by a draft, now or on the facts of a past day; answers where to look' })
  @ApiAcceptedResponse({ schema: schemaRef('WhatIfStarted') })
  async start(@CallerOf() caller: Caller, @Body() body: WhatIfBody): Promise<WhatIfStarted> {
    return this.services.startWhatIf(caller, {
      ...body,
      ...(await knownFieldsOf(this.services, caller, body.document)),
    });
  }

  @Get(':id')
  @ApiParam(idParam)
  @ApiOperation({ summary: 'How far it is, and what it came to: by portal, by cause, and the writes at most' })
  @ApiOkResponse({ schema: schemaRef('WhatIf') })
  get(@CallerOf() caller: Caller, @Param('id') id: string): Promise<WhatIfAnswer> {
    return this.services.whatIf(caller, { id });
  }

  @Get(':id/people')
  @ApiParam(idParam)
  @ApiOperation({ summary: 'For whom something would differ, and what' })
  @ApiOkResponse({ schema: schemaRef('WhatIfPeoplePage') })
  async people(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query() query: WhatIfPeopleQuery,
  ): Promise<Page<Named<WhatIfPerson>>> {
    return namePeople(this.services, caller, await this.services.whatIfPeople(caller, { id, ...query }));
  }

  @Delete(':id')
  @ApiParam(idParam)
  @ApiOperation({ summary: 'Stop it, and forget what it found' })
  @ApiOkResponse({ schema: schemaRef('WhatIf') })
  cancel(@CallerOf() caller: Caller, @Param('id') id: string): Promise<WhatIfAnswer> {
    return this.services.cancelWhatIf(caller, { id });
  }
}
