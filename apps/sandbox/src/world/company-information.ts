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

export const informationOf = (company: string): CompanyInformation => {
  const name = company.charAt(0).toUpperCase() + company.slice(1);
  const address = { line1: '1 Sandbox Quay', line2: '', city: 'Dublin', state: '', zip: 'D02 X285' };
  return { legalName: `${name} Limited`, displayName: name, address, phone: '+353 1 555 0100' };
};
