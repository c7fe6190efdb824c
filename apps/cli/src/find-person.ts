import type { FindPeopleAnswer, FoundPerson } from '@portico/contracts';
import { UsageError } from './errors.js';
import type { Session } from './session.js';
import { plain } from './terminal.js';

const describe = ({ employeeId, name, email }: FoundPerson): string =>
  plain(`  ${employeeId}  ${name}${email === null ? '' : `  ${email}`}`);

/**
 * The employee whom a text names: by id, else by e-mail address, name or a part of it where that is one alone.
 * @throws UsageError with the candidates.
 */
export const findPerson = async (session: Session, text: string): Promise<FoundPerson> => {
  const { people } = await session.api.get<FindPeopleAnswer>(await session.path('access/find'), { text });
  for (const match of ['id', 'email', 'name', 'part'] as const) {
    const found = people.filter((person) => person.match === match);
    if (found.length === 1 && found[0]) return found[0];
    if (found.length > 1) break;
  }
  if (people.length === 0) {
    throw new UsageError(`nobody is known as "${text}": give an employee id, an e-mail address or a name`);
  }
  throw new UsageError(`"${text}" may be any of these: give the employee id\n${people.map(describe).join('\n')}`);
};
