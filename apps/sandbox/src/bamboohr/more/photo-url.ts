import type { Company } from '../../world/company.js';
import type { Employee } from '../../world/employee.js';

/** Every fourth person has one. */
export const hasPhoto = ({ id }: Employee): boolean => id % 4 === 0;

const HOUR_SECONDS = 3_600;
export const NO_PHOTO_URL = 'https://resources.bamboohr.com/images/photo_person_150x150.png';

/** A signed address that expires: it changes from hour to hour while the photo stays the same. */
export const photoUrlOf = (company: Company, employee: Employee): string => {
  if (!hasPhoto(employee)) return NO_PHOTO_URL;
  const expires = (Math.floor(company.now() / 1_000 / HOUR_SECONDS) + 2) * HOUR_SECONDS;
  const signature = ((employee.id * 2_654_435_761 + expires) >>> 0).toString(16).padStart(8, '0');
  return `https://images7.bamboohr.com/${company.companyId}/photos/${employee.id}-0-4.jpg?Expires=${expires}&Signature=${signature}`;
};
