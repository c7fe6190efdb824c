import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { realmSchema } from '@portico/contracts';
import { schemas } from './schemas.js';

export const describeApi = (app: NestFastifyApplication): OpenAPIObject => {
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setOpenAPIVersion('3.1.0')
      .setTitle('Portico')
      .setDescription('Provisions learners from one BambooHR account into every portal of a LearnUpon realm.')
      .setVersion('1')
      .addBearerAuth()
      .build(),
  );
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/')));
  const components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } };
  return { ...document, paths, components } as OpenAPIObject;
};

const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Portico API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api' });</script>
</html>
`;

/** Where editors find the schema of realm.yaml; nothing in it is a secret. */
const REALM_SCHEMA = '/v1/schemas/realm.yaml.json';

/** `/openapi.json`, and `/docs` to read it; the page takes its files from here, nothing from elsewhere. */
export const serveApiDescription = (app: NestFastifyApplication): void => {
  const document = JSON.stringify(describeApi(app));
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const fastify = app.getHttpAdapter().getInstance();
  fastify.get('/openapi.json', (_request, reply) => reply.type('application/json').send(document));
  const schema = JSON.stringify(realmSchema);
  fastify.get(REALM_SCHEMA, (_request, reply) => reply.type('application/schema+json').send(schema));
  fastify.get('/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  for (const asset of ASSETS) {
    const type = asset.endsWith('.css') ? 'text/css' : 'text/javascript';
    fastify.get(`/docs/${asset}`, (_request, reply) => reply.type(type).send(readFileSync(join(folder, asset))));
  }
};
