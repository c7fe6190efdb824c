import { EmployeesAndReads } from './0001-employees-and-reads.js';
import { DateAddedAndFields } from './0002-date-added-and-fields.js';

/** In the order in which they are applied. A migration that was released is never edited. */
export const MIGRATIONS = [EmployeesAndReads, DateAddedAndFields];
