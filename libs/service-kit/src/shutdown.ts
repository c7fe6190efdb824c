import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

interface Step {
  readonly name: string;
  readonly run: () => unknown;
}

/**
 * What has to be done when the app stops, in this order:
 * 1. `finish`, all at once: pollers, relays and lanes take nothing new, and finish or return what is in hand;
 * 2. Nest closes the HTTP server and the transports: consumers stop pulling, handlers in hand end and settle;
 * 3. `close`, last registered first: connections. Nothing is in hand any more. MikroORM closes itself here too.
 */
@Injectable()
export class Shutdown implements OnModuleDestroy, OnApplicationShutdown {
  private readonly toFinish: Step[] = [];
  private readonly toClose: Step[] = [];
  private begun = false;

  constructor(private readonly logger: Logger) {}

  get hasBegun(): boolean {
    return this.begun;
  }

  /** Turns readiness off; done at the signal, before any step. */
  begin(): void {
    this.begun = true;
  }

  finish(name: string, run: () => unknown): void {
    this.toFinish.push({ name, run });
  }

  close(name: string, run: () => unknown): void {
    this.toClose.unshift({ name, run });
  }

  async onModuleDestroy(): Promise<void> {
    this.begin();
    await Promise.all(this.toFinish.map((step) => this.perform(step)));
  }

  async onApplicationShutdown(): Promise<void> {
    for (const step of this.toClose) await this.perform(step);
  }

  /** One step that fails must not keep the others from being done. */
  private async perform({ name, run }: Step): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.logger.error({ err: error, step: name }, 'a shutdown step failed');
    }
  }
}
