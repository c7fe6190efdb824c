/** How many times as old as it took to make an answer may get: whoever asks again and again takes no tenth of a core. */
const REUSE = 10;

interface Made<T> {
  readonly answer: T;
  readonly until: number;
}

/**
 * Answers to a question that is asked again and again while work is under way, such as how much of it is left. One that
 * says that there is some may be given again for a little. One that says that all is at rest is never given twice: work
 * that began since must be seen.
 */
export class BusyAnswers<T> {
  private readonly made = new Map<string, Made<T>>();

  constructor(
    private readonly isBusy: (answer: T) => boolean,
    private readonly now = () => performance.now(),
  ) {}

  async ask(key: string, make: () => Promise<T>): Promise<T> {
    const begunAt = this.now();
    const known = this.made.get(key);
    if (known !== undefined && begunAt < known.until) return known.answer;
    this.made.delete(key);
    const answer = await make();
    const endedAt = this.now();
    if (this.isBusy(answer)) this.made.set(key, { answer, until: endedAt + (endedAt - begunAt) * (REUSE - 1) });
    return answer;
  }
}
