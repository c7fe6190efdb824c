import { parseXml } from '../../src/bamboohr/xml.js';
import { checkAt, operationOf, pointerOf, type DocumentedOperation, type Media } from './document.js';
import { EXCEPTIONS, type Exception } from './exceptions.js';

export interface Exchange {
  readonly method: string;
  /** From `/api/…` on, of either URL form, without the query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

const bareType = (contentType: string): string => contentType.split(';')[0]?.trim() ?? '';

const jsonFindings = (operation: DocumentedOperation, status: string, type: string, text: string): string[] => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return ['body: no JSON'];
  }
  const { path, method } = operation;
  const check = checkAt(pointerOf('paths', path, method.toLowerCase(), 'responses', status, 'content', type, 'schema'));
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, message = '' }) => `schema: ${instancePath} ${message}`);
};

const bodyFindings = (operation: DocumentedOperation, { status, contentType, text }: Exchange): string[] => {
  const content: Readonly<Record<string, Media>> | undefined = operation.spec.responses[String(status)]?.content;
  if (content === undefined) return text === '' ? [] : ['body: none is documented'];
  if (text === '') return status >= 400 ? [] : ['body: empty'];
  const type = bareType(contentType);
  // What is served as text/xml is documented as application/xml.
  const known = [type, type === 'text/xml' ? 'application/xml' : type].find((each) => each in content);
  if (known === undefined) return [`type: ${type} is not among ${Object.keys(content).join(', ')}`];
  if (type.endsWith('json')) return content[known]?.schema ? jsonFindings(operation, String(status), known, text) : [];
  return type.endsWith('xml') && !parseXml(text) ? ['body: no XML'] : [];
};

/** Everything in which an answer is not as documented. */
export const findingsOf = (exchange: Exchange): { operationId: string; findings: string[] } => {
  const path = exchange.path.replace(/^\/api\/gateway\.php\/[^/]+\//, '/api/');
  const operation = operationOf(exchange.method, path);
  if (!operation) {
    const operationId = `${exchange.method} ${path.replace(/\/$/, '').replace(/\/\d+(?=\/|$)/g, '/{n}')}`;
    return { operationId, findings: [`operation: none is documented, ${exchange.status}`] };
  }
  const { operationId, responses } = operation.spec;
  if (!(String(exchange.status) in responses)) return { operationId, findings: [`status: ${exchange.status}`] };
  return { operationId, findings: bodyFindings(operation, exchange) };
};

const explains = ({ operations, finding }: Exception, operationId: string, found: string): boolean =>
  (operations === '*' || operations.includes(operationId)) && finding.test(found);

/** What nobody explained. @param onUse told of each exception that was needed */
export const unexplained = (exchange: Exchange, onUse: (exception: Exception) => void = () => undefined): string[] => {
  const { operationId, findings } = findingsOf(exchange);
  return findings.flatMap((found) => {
    const exception = EXCEPTIONS.find((each) => explains(each, operationId, found));
    if (!exception) return [`${operationId}, ${exchange.status}: ${found}`];
    onUse(exception);
    return [];
  });
};
