/** What the reference leaves open about LearnUpon. A number switch has an example to try, since it takes any. */
export const LEARNUPON_SWITCHES = {
  /** The realm's "Allow user creation if user already exists", set in the top-level portal. */
  allowUserCreationIfUserAlreadyExists: {
    values: [false, true],
    about: 'POST /users for an identifier known in another portal',
  },
  portalInvitesListed: { values: [true, false], about: 'GET /group_invites also lists what POST /portal_invite made' },
  listLagSeconds: {
    values: [0],
    examples: [1],
    about: 'lists and searches show a new account or invite this many seconds late',
  },
  duplicateGroupInvite: { values: ['refuse', 'resend'], about: 'POST /group_invites for somebody invited already' },
  duplicatePortalInvite: {
    values: ['again', 'refuse', 'resend'],
    about: 'POST /portal_invite for somebody invited already',
  },
  disableCascades: { values: [true, false], about: 'PUT enabled:false in the top-level portal disables everywhere' },
  createOnKnownPerson: {
    values: ['keep', 'overwrite'],
    about: 'names and password of a person known in the realm, on create',
  },
  emailChangeRealmWide: { values: [true, false], about: 'a changed e-mail or username changes in every portal' },
  topLevelAdminsHidden: { values: [true, false], about: 'sub-portals do not list top-level admins' },
  emailCaseSensitive: { values: [false, true], about: 'Ada@x and ada@x are two people' },
  userIds: { values: ['per-portal', 'per-person'], about: 'whether a person has one number in all portals' },
  badCustomValue: {
    values: ['refuse', 'ignore'],
    about: 'custom user data of the wrong type or no choice of the list',
  },
  refusalStatus: { values: [400, 422, 200], about: 'HTTP status of a refusal with response_type ERROR' },
  getWithJsonContentType: {
    values: ['refuse', 'accept'],
    about: 'a GET without a body that says Content-Type: application/json',
  },
  inviteExpiresHours: { values: [0], examples: [72], about: 'an invite link expires after so many hours; 0 is never' },
  minuteWindow: { values: ['calendar', 'rolling'], about: 'how LearnUpon counts the calls of a minute' },
  pageSize: { values: [500, 499], about: 'rows of a page, and LU-Records-Per-Page: both were seen' },
  definitionsKey: {
    values: ['misspelt', 'right'],
    about: 'lists of users have customDataFieldDefintions or customDataFieldDefinitions',
  },
  titleFilter: { values: ['substring', 'exact'], about: '?title= of groups and portals' },
  unknownPath: { values: [401, 404], about: 'status of a path that LearnUpon does not have' },
  generatedKeys: { values: ['object', 'array'], about: 'generate_keys answers {"portal":{…}} or {"portal":[{…}]}' },
  createSendsMail: { values: [false, true], about: 'POST /users mails the learner, where the portal has no SSO' },
  autoEnrolOnCreate: { values: [false, true], about: 'a new account is enrolled in the first course of its portal' },
  bulkOperations: { values: ['off', 'on'], about: '/bulk-operations: feature_not_enabled, or jobs' },
  learnUponRetryAfter: { values: [false, true], about: 'LearnUpon sends Retry-After with 429' },
} as const;
