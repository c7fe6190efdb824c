import { applyDecorators, Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { ClassConstructor } from 'class-transformer';
import { throwError, type Observable } from 'rxjs';

/** The transport's id: handlers marked with it are left alone by other transports of the same app. */
export const JETSTREAM = Symbol('portico.jetstream');

export interface ConsumeOptions {
  /** The handler takes `Delivery<T>[]` instead of `Delivery<T>`. */
  readonly batch?: boolean;
  /** What the body must be; without it `data` is any JSON value. */
  readonly contract?: ClassConstructor<object>;
}

/** Nest's own filter would log the error whole, personal data and all, and hand on "Internal server error". */
@Catch()
class PassErrorsOn implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * An event handler of `JetStreamServer`: `@EventPattern` for this transport alone, whose errors reach the transport as
 * they are. Not settled by the handler: acknowledged after a return, returned with a growing delay after a throw.
 */
export const Consume = (pattern: string, options: ConsumeOptions = {}): MethodDecorator =>
  applyDecorators(EventPattern<string>(pattern, JETSTREAM, { ...options }), UseFilters(new PassErrorsOn()));
