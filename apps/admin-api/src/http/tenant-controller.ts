import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiDefaultResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { AccessGuard } from '../access/access.guard.js';
import { schemaRef } from './schemas.js';

/** A controller under `/v1/tenants/{tenant}`: guarded, its errors are problems. */
export const TenantController = (path = '') =>
  applyDecorators(
    Controller(`v1/tenants/:tenant${path}`),
    UseGuards(AccessGuard),
    ApiTags(path === '' ? 'tenants' : path.slice(1)),
    ApiBearerAuth(),
    ApiParam({ name: 'tenant', schema: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' } }),
    ApiDefaultResponse({
      description: 'What is wrong, and what to do',
      content: { 'application/problem+json': { schema: schemaRef('Problem') } },
    }),
  );
