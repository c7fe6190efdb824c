import { Type } from 'class-transformer';
import {
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { OpenEnum } from './open-enum.js';
import { IsMoment, IsPortalName, IsRevision, IsSlug } from './scalars.js';

export const IDENTIFIER_KINDS = ['email', 'username'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];
export const PORTAL_MODES = ['on', 'observe', 'off'] as const;
export type PortalMode = (typeof PORTAL_MODES)[number];

const urlOptions = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };

/** Where the employees are. */
export class BambooHrSource {
  /** BambooHR's subdomain: a bare DNS label. */
  @Matches(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i) company!: string;
  /** Up to and without `/api/v1` or `/v1`; absent means `https://{company}.bamboohr.com`. */
  @IsOptional() @IsUrl(urlOptions) baseUrl?: string;
  /** Name of the mounted secret that holds `apiKey`. */
  @IsString() secretRef!: string;
  /** The fields that some rule or mapping uses, and no others. */
  @IsArray() @ArrayUnique() @IsString({ each: true }) fields!: string[];
  /** Seconds between two changed-since polls. */
  @IsInt() @Min(1) pollSeconds!: number;
  /** Seconds between two full reads. */
  @IsInt() @Min(1) fullReadSeconds!: number;
}

/** One portal of the realm, in the realm's order. */
export class RealmPortal {
  @IsPortalName() portal!: string;
  @IsString() title!: string;
  @IsBoolean() topLevel!: boolean;
  /** Up to and without `/api/v1`. Never derived from a vanity URL. */
  @IsUrl(urlOptions) baseUrl!: string;
  /** Name of the mounted secret that holds `username` and `password`. */
  @IsString() secretRef!: string;
  @IsIn(IDENTIFIER_KINDS) identifier!: IdentifierKind;
  @OpenEnum(PORTAL_MODES, 'observe') mode!: PortalMode;
}

/** The configuration of one tenant without secrets. `active: false` stops Portico there and touches no account. */
export class RealmChangedV1 {
  @IsSlug() tenant!: string;
  @IsRevision() revision!: number;
  @IsMoment() changedAt!: string;
  @IsInt() @Min(1) policyVersion!: number;
  @IsBoolean() active!: boolean;
  @IsSlug() pool!: string;
  /** IANA name of the company's time zone. */
  @IsString() timeZone!: string;
  @IsDefined() @ValidateNested() @Type(() => BambooHrSource) source!: BambooHrSource;
  /** LearnUpon's *Allow user creation if user already exists*, as the admin declares it. */
  @IsBoolean() allowUserCreationIfUserAlreadyExists!: boolean;
  @IsArray() @ValidateNested({ each: true }) @Type(() => RealmPortal) portals!: RealmPortal[];
}
