import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessGuard, GrantOf } from './access/access.guard.js';
import type { Grant } from './access/tokens.js';
import { schemaRef } from './http/schemas.js';

@ApiTags('me')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Controller('v1/me')
export class MeController {
  @Get()
  @ApiOperation({ summary: 'What this token allows' })
  @ApiOkResponse({ schema: schemaRef('Me') })
  me(@GrantOf() { name, role, tenant }: Grant): Grant {
    return { name, role, tenant };
  }
}
