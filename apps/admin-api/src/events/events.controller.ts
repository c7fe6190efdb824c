import { Get, Headers, Inject, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Caller } from '@portico/contracts';
import { LOGGER, Shutdown, type Logger } from '@portico/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerOf } from '../access/access.guard.js';
import { Problem } from '../http/problem.js';
import { TenantController } from '../http/tenant-controller.js';
import { EventFeed, parsePosition, type Position } from './event-feed.js';
import { writeEvents } from './event-stream.js';

@TenantController('/events')
export class EventsController {
  private readonly stopping = new AbortController();

  constructor(
    @Inject(EventFeed) private readonly feed: EventFeed,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Shutdown) shutdown: Shutdown,
  ) {
    shutdown.finish('event streams', () => this.stopping.abort());
  }

  @Get()
  @ApiOperation({
    summary: 'Live learner and operation events',
    description:
      'Server-sent events, named `learner` or `operation`; the data is `{kind, type, time, data}` with the data of the ' +
      'CloudEvent. Send `Last-Event-ID` to go on where a connection broke off.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async events(
    @CallerOf() { tenant }: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const from = parsePosition(lastEventId) ?? (await this.positionNow());
    const gone = new AbortController();
    request.raw.on('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.stopping.signal]);
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' });
    await writeEvents(reply.raw, this.feed.follow(tenant, from, signal), signal).catch((error: unknown) => {
      this.logger.warn({ err: error, tenant }, 'an event stream broke off');
    });
  }

  private async positionNow(): Promise<Position> {
    try {
      return await this.feed.now();
    } catch (error) {
      this.logger.warn({ err: error }, 'the event streams do not answer');
      throw new Problem(503, 'unavailable', 'The event streams do not answer: see that NATS runs and was migrated.', {
        service: 'nats',
      });
    }
  }
}
