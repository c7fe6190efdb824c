export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

const parse = (block: string): ServerSentEvent | undefined => {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
  const data = field('data');
  return data === '' ? undefined : { id: field('id'), event: field('event'), data };
};

/** The events of a `text/event-stream` of one data line each; comments are left out. */
export async function* readServerSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}
