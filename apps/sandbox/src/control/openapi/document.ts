import { conditionOperations, pageOperations } from './conditions.js';
import { keyOperations } from './keys.js';
import { lifeOperations } from './life.js';
import { peopleOperations } from './people.js';
import { realmOperations } from './realm.js';
import { answerOf, text, type Operation, type Operations } from './schema.js';
import { webhookOperations } from './webhooks.js';

const TAGGED: readonly (readonly [tag: string, about: string, operations: Operations])[] = [
  ['people', 'What happens in the BambooHR company', peopleOperations],
  ['life', 'Days of the company, played from a seed', lifeOperations],
  ['keys', 'Who may see what in BambooHR', keyOperations],
  ['webhooks', 'Where BambooHR sends its news, and the company’s own card', webhookOperations],
  ['realm', 'What happens in the LearnUpon portals and at the learners’ desks', realmOperations],
  ['conditions', 'The clock, switches, faults, and counts of calls', conditionOperations],
  ['page', 'For people and programs that look around', pageOperations],
];

/** Every control call, by its route. */
export const operations: Operations = Object.assign({}, ...TAGGED.map(([, , each]) => each)) as Operations;

const JSON_TYPE = 'application/json';

const parametersOf = (path: string, { query = {} }: Operation): object[] => [
  ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: text })),
  ...Object.entries(query).map(([name, { description, ...schema }]) => ({ name, in: 'query', description, schema })),
];

const operationOnWire = (tag: string, path: string, operation: Operation): object => {
  const { summary, body, example, status = 200, answer } = operation;
  const parameters = parametersOf(path, operation);
  return {
    tags: [tag],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { content: { [JSON_TYPE]: { schema: body, ...(example !== undefined && { example }) } } },
    }),
    responses: {
      [status]: { description: summary, content: { [JSON_TYPE]: { schema: answer } } },
      default: {
        description: 'What is wrong and what to do',
        content: { [JSON_TYPE]: { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
};

const pathsOf = (): Record<string, Record<string, object>> => {
  const paths: Record<string, Record<string, object>> = {};
  for (const [tag, , tagged] of TAGGED) {
    for (const [route, operation] of Object.entries(tagged)) {
      const [method = '', path = ''] = route.split(' ');
      const template = path.replace(/:(\w+)/g, '{$1}');
      paths[template] = { ...paths[template], [method.toLowerCase()]: operationOnWire(tag, path, operation) };
    }
  }
  return paths;
};

/** The control API in OpenAPI 3.1. @param url of the control API */
export const controlDocument = (url: string): object => ({
  openapi: '3.1.0',
  info: {
    title: 'Portico sandbox: control API',
    version: '1',
    description: 'What happens in the company, in the portals and to the calls of the two vendors’ APIs.',
  },
  servers: [{ url }],
  tags: TAGGED.map(([name, description]) => ({ name, description })),
  paths: pathsOf(),
  components: { schemas: { Error: answerOf({ error: text }) } },
});
