import type { SandboxClock } from './clock.js';
import type { Company } from './company.js';
import type { AddressBook } from './generate-company.js';
import {
  correct,
  forget,
  giveAddress,
  hire,
  leave,
  marry,
  move,
  promote,
  recycle,
  rehire,
  rename,
  stay,
  withdraw,
  type Happening,
  type Today,
} from './life-events.js';
import type { Random } from './random.js';

/** How often a working day sees it, for each of the people of the company, and what happens then. */
const KINDS = {
  hired: { rate: 1 / 400, happen: hire },
  moved: { rate: 1 / 450, happen: move },
  promoted: { rate: 1 / 500, happen: promote },
  renamed: { rate: 1 / 2_000, happen: rename },
  married: { rate: 1 / 1_500, happen: marry },
  left: { rate: 1 / 550, happen: leave },
  rehired: { rate: 1 / 2_500, happen: rehire },
  'address-recycled': { rate: 1 / 2_500, happen: recycle },
  'address-given': { rate: 1 / 1_500, happen: giveAddress },
  corrected: { rate: 1 / 800, happen: correct },
  withdrawn: { rate: 1 / 5_000, happen: withdraw },
  stayed: { rate: 1 / 5_000, happen: stay },
  deleted: { rate: 1 / 10_000, happen: forget },
} as const satisfies Record<string, { rate: number; happen: (today: Today) => Happening }>;

export type LifeKind = keyof typeof KINDS;
export const LIFE_KINDS = Object.keys(KINDS) as readonly LifeKind[];

export interface LifeEvent {
  readonly day: string;
  readonly kind: LifeKind;
  readonly employeeId: number;
  /** For people to read. */
  readonly about: string;
}

const NINE = Temporal.PlainTime.from('09:00');
const SATURDAY = 6;

/** Lets a company live. The same seed and the same calls give the same life; what a tenant sees is what a year of HR makes. */
export class Life {
  constructor(
    private readonly company: Company,
    private readonly clock: SandboxClock,
    private readonly random: Random,
    private readonly addresses: AddressBook,
  ) {}

  /**
   * Goes on by so many days, each to nine in the morning of the company; nothing is entered at weekends, while dated rows
   * take effect all the same.
   * @param pace multiplies how much happens; 1 is some two changes a day among 250 people
   */
  live(days: number, pace = 1): LifeEvent[] {
    return this.clock.hold(() => this.liveDays(days, pace));
  }

  private liveDays(days: number, pace: number): LifeEvent[] {
    const events: LifeEvent[] = [];
    for (let count = 0; count < days; count += 1) {
      const day = this.nextMorning();
      if (day.dayOfWeek < SATURDAY) events.push(...this.liveDay(day.toString(), pace));
    }
    return events;
  }

  private nextMorning(): Temporal.PlainDate {
    const { timeZone } = this.company;
    const tomorrow = Temporal.PlainDate.from(this.company.today()).add({ days: 1 });
    this.clock.moveTo(tomorrow.toZonedDateTime({ timeZone, plainTime: NINE }).toInstant());
    this.company.today();
    return tomorrow;
  }

  private liveDay(day: string, pace: number): LifeEvent[] {
    const { company, random, addresses } = this;
    const today: Today = { company, random, addresses, day, people: [...company.all()] };
    return LIFE_KINDS.flatMap((kind) => {
      const { rate, happen } = KINDS[kind];
      const events: LifeEvent[] = [];
      for (let count = this.timesOf(today.people.length * rate * pace); count > 0; count -= 1) {
        const happening = happen(today);
        if (happening) events.push({ day, kind, ...happening });
      }
      return events;
    });
  }

  /** A whole number that is the expected one on average. */
  private timesOf(expected: number): number {
    const whole = Math.floor(expected);
    return whole + (this.random.chance(expected - whole) ? 1 : 0);
  }
}
