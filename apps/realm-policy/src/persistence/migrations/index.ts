import { RealmsAndDecisions } from './0001-realms-and-decisions.js';
import { AccessHistory } from './0002-access-history.js';
import { SubjectMoves } from './0003-subject-moves.js';
import { Arrivals } from './0004-arrivals.js';
import { PersonText } from './0005-person-text.js';
import { Taken } from './0006-taken.js';

/** In the order in which they are applied. A migration that was released is never edited. */
export const MIGRATIONS = [RealmsAndDecisions, AccessHistory, SubjectMoves, Arrivals, PersonText, Taken];
