export interface ReceivedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

const parse = (block: string): ReceivedEvent | undefined => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [id, event, data] = [field('id'), field('event'), field('data')];
  return id && event && data ? { id, event, data } : undefined;
};

/** Reads server-sent events in the background; resolves once the server has begun to send. */
export const readEvents = async (url: string, token: string, headers: Record<string, string> = {}) => {
  const gone = new AbortController();
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers }, signal: gone.signal });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events: ReceivedEvent[] = [];
  await reader.read();

  const read = async () => {
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop() ?? '';
      events.push(...blocks.map(parse).filter((event) => event !== undefined));
    }
  };
  const ended = read();
  ended.catch(() => undefined);
  return { events, ended, close: () => gone.abort() };
};
