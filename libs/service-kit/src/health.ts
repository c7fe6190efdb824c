import { Controller, Get, Header, Inject, Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { Metrics } from './metrics.js';
import { Shutdown } from './shutdown.js';

/** Something that the app cannot work without. */
export interface HealthProbe {
  readonly name: string;
  /** Details for the answer; throws when it is down. Must not hold personal data. */
  check(): Promise<Readonly<Record<string, unknown>> | void>;
}

/** Injection token of `readonly HealthProbe[]`, which any module of the app may provide. */
export const HEALTH_INDICATORS = Symbol('HealthProbe[]');

const PROBE_TIMEOUT_MS = 2_000;

/** Whether the app has started; `runService` says so once it listens. */
@Injectable()
export class Startup {
  done = false;
}

/** Probes of Kubernetes, and metrics. Liveness asks nothing of others: a restart would not mend them. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly startup: Startup,
    private readonly shutdown: Shutdown,
    private readonly metrics: Metrics,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
  ) {}

  @Get('livez')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('startupz')
  started(): Promise<HealthCheckResult> {
    return this.health.check([() => this.state('startup', this.startup.done, 'the app is still starting')]);
  }

  @Get('readyz')
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.state('startup', this.startup.done, 'the app is still starting'),
      () => this.state('shutdown', !this.shutdown.hasBegun, 'the app is stopping'),
      ...this.probes().map(
        (probe) => () =>
          this.indicators
            .check(probe.name)
            .attempt(async () => probe.check())
            .withTimeout(PROBE_TIMEOUT_MS),
      ),
    ]);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metricsText(): Promise<string> {
    return this.metrics.text();
  }

  private state(name: string, isUp: boolean, message: string) {
    const indicator = this.indicators.check(name);
    return isUp ? indicator.up() : indicator.down(message);
  }

  /** Nest throws where nobody provides the token, which is an app without probes. */
  private probes(): readonly HealthProbe[] {
    try {
      return this.modules.get<readonly HealthProbe[]>(HEALTH_INDICATORS, { strict: false, each: true }).flat();
    } catch {
      return [];
    }
  }
}
