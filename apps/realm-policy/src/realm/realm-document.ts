import 'reflect-metadata';
import type { LanguageSource } from '@portico/access-policy';
import {
  IDENTIFIER_KINDS,
  ONBOARDINGS,
  PORTAL_MODES,
  REFUSAL_POLICIES,
  SLUG,
  type IdentifierKind,
  type LeavingPolicy,
  type Onboarding,
  type PortalMode,
  type RefusalPolicy,
} from '@portico/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  AreFieldNames,
  HasOneTopLevelPortal,
  HasUniquePortals,
  IsAudience,
  IsFieldMap,
  IsFieldName,
  IsLanguage,
  IsSecretRef,
  IsTimeZone,
} from './document-rules.js';

const slug = { message: 'must match [a-z0-9-]{1,40}' };
const OneOf = (values: readonly string[]) => IsIn(values, { message: `must be one of ${values.join(', ')}` });
const IsBaseUrl = () =>
  IsUrl(
    { require_tld: false, protocols: ['http', 'https'], require_protocol: true },
    { message: 'must be a URL with http or https' },
  );

export class BambooHrDocument {
  @Matches(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i, { message: 'must be the subdomain of bamboohr.com alone' })
  company!: string;
  @IsOptional() @IsBaseUrl() baseUrl?: string;
  /** `<tenant>-bamboohr` unless told. */
  @IsOptional() @IsSecretRef() secretRef!: string;
  @IsInt() @Min(1) @Max(86_400) pollSeconds = 60;
  @IsInt() @Min(1) @Max(31 * 86_400) fullReadSeconds = 86_400;
}

export class PortalDocument {
  @Matches(SLUG, slug) portal!: string;
  @Length(1, 200) title!: string;
  @IsBoolean() topLevel = false;
  @IsBaseUrl() baseUrl!: string;
  /** `<tenant>-<portal>` unless told. */
  @IsOptional() @IsSecretRef() secretRef!: string;
  @OneOf(PORTAL_MODES) mode: PortalMode = 'on';
  @IsAudience() audience!: string;
  @OneOf(ONBOARDINGS) onboarding!: Onboarding;
  @OneOf(REFUSAL_POLICIES) whenRefused: RefusalPolicy = 'report';
  @OneOf(IDENTIFIER_KINDS) identifier: IdentifierKind = 'email';
  @AreFieldNames() email: string[] = ['workEmail'];
  /** The field that holds the username where `identifier` is `username`. */
  @IsFieldName() username = 'employeeNumber';
  @IsFieldMap() customData: Record<string, string> = {};
  @OneOf(['disable', 'keep']) leaving: LeavingPolicy = 'disable';
}

export class LearnUponDocument {
  @IsBoolean() allowUserCreationIfUserAlreadyExists = false;
  @IsOptional() @IsLanguage() language?: LanguageSource;
  @IsArray()
  @ArrayNotEmpty({ message: 'must have at least one portal' })
  @ArrayMaxSize(200)
  @HasOneTopLevelPortal()
  @HasUniquePortals()
  @ValidateNested({ each: true })
  @Type(() => PortalDocument)
  portals!: PortalDocument[];
}

/** realm.yaml: one tenant, its BambooHR account and its realm. */
export class RealmDocument {
  @Matches(SLUG, slug) tenant!: string;
  @Matches(SLUG, slug) pool = 'shared';
  /** False takes the tenant out: Portico stops and touches no account. */
  @IsBoolean() active = true;
  @IsTimeZone() timeZone!: string;
  @IsDefined({ message: 'is missing' }) @ValidateNested() @Type(() => BambooHrDocument) bamboohr!: BambooHrDocument;
  @IsDefined({ message: 'is missing' }) @ValidateNested() @Type(() => LearnUponDocument) learnupon!: LearnUponDocument;
}
