import type { Answer } from '../../http/call.js';
import { emptyError } from '../answers.js';
import { employeeInPath, isAnswer, type BambooHandler } from '../request.js';
import { hasPhoto } from './photo-url.js';

/** One grey pixel. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////' +
    '////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAI' +
    'AQEAAD8AP//Z',
  'base64',
);

const SIZES = ['original', 'large', 'medium', 'small', 'xs', 'tiny'];

/** GET /employees/{id}/photo/{size}: always said to be a JPEG. */
export const employeePhoto: BambooHandler = (call): Answer => {
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  if (call.hidden.has('photoUploaded') || call.hidden.has('photoUrl'))
    return emptyError(403, 'You do not have access to this photo');
  if (!SIZES.includes(call.params['size'] ?? '') || !hasPhoto(employee)) return emptyError(404, 'Photo not found');
  return { status: 200, headers: { 'content-type': 'image/jpeg', 'cache-control': 'private' }, body: JPEG };
};
