import 'reflect-metadata';
import {
  DEFAULT_GATE,
  type CustomDataSource,
  type Gate,
  type GroupSource,
  type HandPick,
  type LeavingSource,
  type LocaleSource,
  type Names,
  type StartSource,
  type UserTypeSource,
  type WrittenPolicy,
} from '@portico/access-policy';
import {
  IDENTIFIER_KINDS,
  ONBOARDINGS,
  PORTAL_MODES,
  REFUSAL_POLICIES,
  SLUG,
  type IdentifierKind,
  type Onboarding,
  type Ownership,
  type PortalMode,
  type RefusalPolicy,
  type SignIn,
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
  IsNumber,
  IsOptional,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { PolicyExample } from '../examples/example.js';
import { examplesShape } from '../examples/examples-shape.js';
import {
  HasOneTopLevelPortal,
  HasShape,
  HasUniqueAddresses,
  HasUniquePortals,
  IsSecretRef,
  IsTimeZone,
} from './document-rules.js';
import {
  customDataShape,
  eligibleShape,
  fieldsShape,
  groupsShape,
  handPicksShape,
  languageShape,
  leavingShape,
  namedRulesShape,
  ownershipShape,
  ruleShape,
  signInShape,
  startShape,
  timeZoneShape,
  usernameShape,
  userTypeShape,
} from './policy-shapes.js';

const slug = { message: 'must match [a-z0-9-]{1,40}' };
const OneOf = (values: readonly string[]) => IsIn(values, { message: `must be one of ${values.join(', ')}` });
const IsBaseUrl = () =>
  IsUrl(
    {
      require_tld: false,
      protocols: ['http', 'https'],
      require_protocol: true,
      // A password would travel with the configuration: secrets are references.
      disallow_auth: true,
      allow_query_components: false,
      allow_fragments: false,
    },
    { message: 'must be a URL with http or https, without user, password, query and fragment' },
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

/** What a portal's policy may say, and `defaults` for all portals. What neither says is built in. */
export class PolicyDocument implements WrittenPolicy {
  @IsOptional() @OneOf(PORTAL_MODES) mode?: PortalMode;
  /** True ends the access of everybody in the portal. */
  @IsOptional() @IsBoolean() ended?: boolean;
  /** Percent. */
  @IsOptional() @IsNumber() @Min(0) @Max(100) ramp?: number;
  @IsOptional() @HasShape(ruleShape) audience?: string;
  @IsOptional() @HasShape(eligibleShape) eligible?: string[];
  @IsOptional() @HasShape(handPicksShape) include?: HandPick[];
  @IsOptional() @HasShape(handPicksShape) exclude?: HandPick[];
  @IsOptional() @HasShape(startShape) start?: StartSource;
  @IsOptional() @OneOf(ONBOARDINGS) onboarding?: Onboarding;
  @IsOptional() @OneOf(REFUSAL_POLICIES) whenRefused?: RefusalPolicy;
  @IsOptional() @OneOf(IDENTIFIER_KINDS) identifier?: IdentifierKind;
  @IsOptional() @HasShape(usernameShape) username?: string;
  @IsOptional() @HasShape(fieldsShape) email?: string[];
  @IsOptional() @HasShape(signInShape) signIn?: SignIn;
  @IsOptional() @HasShape(userTypeShape) userType?: UserTypeSource;
  @IsOptional() @HasShape(customDataShape) customData?: Record<string, string | CustomDataSource | null>;
  @IsOptional() @HasShape(groupsShape) groups?: GroupSource[];
  @IsOptional() @HasShape(ownershipShape) ownership?: Record<string, Ownership>;
  @IsOptional() @HasShape(leavingShape) leaving?: LeavingSource;
}

export class PortalDocument extends PolicyDocument {
  @Matches(SLUG, slug) portal!: string;
  @Length(1, 200) title!: string;
  @IsBoolean() topLevel = false;
  @IsBaseUrl() baseUrl!: string;
  /** `<tenant>-<portal>` unless told. */
  @IsOptional() @IsSecretRef() secretRef!: string;
}

export class LearnUponDocument {
  @IsBoolean() allowUserCreationIfUserAlreadyExists = false;
  @IsOptional() @HasShape(languageShape) language?: LocaleSource;
  @IsOptional() @HasShape(timeZoneShape) timeZone?: LocaleSource;
  @IsOptional() @OneOf(['legal', 'preferred']) names?: Names;
  /** Rules that others use as `rules.<name>`. */
  @IsOptional() @HasShape(namedRulesShape) rules?: Record<string, string>;
  @IsOptional() @ValidateNested() @Type(() => PolicyDocument) defaults?: PolicyDocument;
  @IsArray()
  @ArrayNotEmpty({ message: 'must have at least one portal' })
  @ArrayMaxSize(200)
  @HasOneTopLevelPortal()
  @HasUniquePortals()
  @HasUniqueAddresses()
  @ValidateNested({ each: true })
  @Type(() => PortalDocument)
  portals!: PortalDocument[];
}

export class GateDocument implements Gate {
  @IsInt() @Min(0) @Max(1_000_000) people = DEFAULT_GATE.people;
  @IsNumber() @Min(0) @Max(100) percent = DEFAULT_GATE.percent;
}

/** realm.yaml as it is written: one tenant, its BambooHR account and its realm. */
export class RealmDocument {
  @Matches(SLUG, slug) tenant!: string;
  @Matches(SLUG, slug) pool = 'shared';
  /** False takes the tenant out: Portico stops and touches no account. */
  @IsBoolean() active = true;
  @IsTimeZone() timeZone!: string;
  @IsDefined({ message: 'is missing' }) @ValidateNested() @Type(() => BambooHrDocument) bamboohr!: BambooHrDocument;
  @IsDefined({ message: 'is missing' }) @ValidateNested() @Type(() => LearnUponDocument) learnupon!: LearnUponDocument;
  /** Who belongs where, and who does not: a change that breaks one is refused. */
  @IsOptional() @HasShape(examplesShape) examples?: PolicyExample[];
  /** What is kept back until somebody approves. */
  @IsOptional() @ValidateNested() @Type(() => GateDocument) gate?: GateDocument;
}
