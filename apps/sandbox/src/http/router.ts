export interface Match<Handler> {
  readonly handler: Handler;
  readonly pattern: string;
  readonly params: Readonly<Record<string, string>>;
}

interface Node<Handler> {
  readonly literals: Map<string, Node<Handler>>;
  parameter?: { name: string; node: Node<Handler> };
  readonly handlers: Map<string, { handler: Handler; pattern: string }>;
}

const createNode = <Handler>(): Node<Handler> => ({ literals: new Map(), handlers: new Map() });

const segmentsOf = (path: string): string[] => {
  const inner = path.replace(/^\/|\/$/g, '');
  return inner === '' ? [] : inner.split('/');
};

const decode = (segment: string): string => {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/**
 * Routes such as `GET /users/:id`; a literal segment goes before a parameter. A trailing slash makes no difference, two in
 * a row are another path.
 */
export class Router<Handler> {
  private readonly root = createNode<Handler>();

  /** @param routes by `METHOD /pattern` */
  constructor(routes: Readonly<Record<string, Handler>>) {
    for (const [route, handler] of Object.entries(routes)) {
      const [method = '', pattern = ''] = route.split(' ');
      this.nodeFor(pattern).handlers.set(method, { handler, pattern });
    }
  }

  /** @returns the handler; `method` when the path is known for other methods only; `path` when it is unknown. */
  find(method: string, path: string): Match<Handler> | 'method' | 'path' {
    const params: Record<string, string> = {};
    let node = this.root;
    for (const segment of segmentsOf(path)) {
      const literal = node.literals.get(segment);
      if (literal) {
        node = literal;
      } else if (node.parameter && segment !== '') {
        params[node.parameter.name] = decode(segment);
        node = node.parameter.node;
      } else {
        return 'path';
      }
    }
    const found = node.handlers.get(method === 'HEAD' ? 'GET' : method);
    if (found) return { ...found, params };
    return node.handlers.size > 0 ? 'method' : 'path';
  }

  private nodeFor(pattern: string): Node<Handler> {
    return segmentsOf(pattern).reduce((node, segment) => {
      if (!segment.startsWith(':')) {
        const next = node.literals.get(segment) ?? createNode<Handler>();
        node.literals.set(segment, next);
        return next;
      }
      node.parameter ??= { name: segment.slice(1), node: createNode<Handler>() };
      return node.parameter.node;
    }, this.root);
  }
}
