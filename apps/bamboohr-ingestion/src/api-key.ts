import type { SecretStore } from '@portico/service-kit';

/** The secret is there and has no API key, or an empty one. */
export class ApiKeyMissingError extends Error {
  override readonly name = 'ApiKeyMissingError';
  constructor(ref: string) {
    super(`secret "${ref}" has no key "apiKey": add the API key of BambooHR under that name`);
  }
}

/** @throws SecretMissingError, ApiKeyMissingError */
export const apiKeyOf = async (secrets: SecretStore, secretRef: string): Promise<string> => {
  const { apiKey } = await secrets.read(secretRef);
  if (apiKey === undefined || apiKey === '') throw new ApiKeyMissingError(secretRef);
  return apiKey;
};
