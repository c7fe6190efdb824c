import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Hosts that clients of the real services call, and where the sandbox stands. */
const NAMES = ['*.bamboohr.com', 'api.bamboohr.com', '*.learnupon.com', 'localhost'];
const ADDRESSES = ['127.0.0.1', '::1'];

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 3_600_000;

/** Everything in PEM. */
export interface Tls {
  /** What a client has to trust. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> => {
  const encoded = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${encoded.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END PRIVATE KEY-----\n`;
};

/** For a year, from a day ago: the machines of a test need not agree to the second. */
const validity = () => ({ notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + 365 * DAY_MS) });

const issueAuthority = async (keys: webcrypto.CryptoKeyPair) =>
  X509CertificateGenerator.createSelfSigned({
    ...validity(),
    name: 'CN=Portico sandbox authority',
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });

/** A certificate authority of its own, whose key nobody keeps, and one certificate of it for all names. */
export const issueTls = async (): Promise<Tls> => {
  const [authorityKeys, keys] = await Promise.all([newKeys(), newKeys()]);
  const authority = await issueAuthority(authorityKeys);
  const certificate = await X509CertificateGenerator.create({
    ...validity(),
    subject: 'CN=Portico sandbox',
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...NAMES.map((value) => ({ type: 'dns' as const, value })),
        ...ADDRESSES.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { ca: `${authority.toString('pem')}\n`, cert: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
};
