import { jsonAnswer } from '../http/call.js';
import { errorAnswer } from './answers.js';
import { numberOf, textOf, type PortalHandler } from './request.js';

const NEEDED = ['user_id', 'sftp_username', 'sftp_password', 'file_url'] as const;

/**
 * LearnUpon would fetch the file from the caller's SFTP server and mail a summary to the admin. Nothing is fetched here:
 * the summary says that the server was out of reach.
 */
const upload: PortalHandler = ({ realm, portal, body }) => {
  const missing = NEEDED.filter((key) => !textOf(body[key]));
  if (missing.length > 0) return errorAnswer(400, `${missing.join(', ')} can't be blank`);
  const admin = realm.accounts.get(portal, numberOf(body['user_id']) ?? -1);
  if (admin.userType !== 'admin') return errorAnswer(400, 'User must be an admin of this portal');
  if (!/^sftp:\/\/[^/]+\/.+\.csv$/i.test(textOf(body['file_url']) ?? ''))
    return errorAnswer(400, 'File URL is invalid');
  realm.mailbox.deliver({
    kind: 'summary',
    to: admin.person.email ?? '',
    portal: portal.name,
    subject: 'Batch upload failed: the SFTP server could not be reached',
    acceptUrl: null,
    inviteId: null,
    sentAt: realm.now(),
  });
  return jsonAnswer({ success: 'ok' });
};

export const batchRoutes: Readonly<Record<string, PortalHandler>> = {
  'POST /batch/upload': upload,
  'POST /batch/upload_and_sync': upload,
};
