import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Problem, type Fault } from './problem.js';

const faultsOf = (errors: readonly ValidationError[], parent = ''): Fault[] =>
  errors.flatMap(({ property, constraints, children }) => {
    const path = parent === '' ? property : `${parent}.${property}`;
    const own = Object.values(constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...faultsOf(children ?? [], path)];
  });

/** Bodies and queries become instances of their class; what the class does not know is refused. */
export const inputPipe = () =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) =>
      new Problem(400, 'invalid', 'Correct what the faults name.', { faults: faultsOf(errors) }),
  });
