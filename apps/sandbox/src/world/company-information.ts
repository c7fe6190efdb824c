export interface CompanyInformation {
  readonly legalName: string;
  readonly displayName: string;
  readonly address: {
    readonly line1: string;
    readonly line2: string;
    readonly city: string;
    readonly state: string;
    readonly zip: string;
  };
  readonly phone: string;
}

const informationOf = (company: string): CompanyInformation => {
  const name = company.charAt(0).toUpperCase() + company.slice(1);
  const address = { line1: '1 Sandbox Quay', line2: '', city: 'Dublin', state: '', zip: 'D02 X285' };
  return { legalName: `${name} Limited`, displayName: name, address, phone: '+353 1 555 0100' };
};

/** What the company says of itself. */
export class CompanyCard {
  private known: CompanyInformation;
  private readonly listeners: (() => void)[] = [];

  constructor(company: string) {
    this.known = informationOf(company);
  }

  get information(): CompanyInformation {
    return this.known;
  }

  change(change: Partial<CompanyInformation>): void {
    this.known = { ...this.known, ...change };
    for (const listener of this.listeners) listener();
  }

  onChanged(listener: () => void): void {
    this.listeners.push(listener);
  }
}
