export interface TrainingCategory {
  readonly id: number;
  name: string;
}

export interface TrainingType {
  readonly id: number;
  name: string;
  renewable: boolean;
  /** Months. */
  frequency: number | null;
  required: boolean;
  dueFromHireDate: number | null;
  linkUrl: string | null;
  description: string | null;
  allowEmployeesToMarkComplete: boolean;
  category: TrainingCategory | null;
}

export interface TrainingRecord {
  readonly id: number;
  readonly employeeId: number;
  readonly type: number;
  completed: string;
  notes: string | null;
  instructor: string | null;
  credits: string | null;
  hours: string | null;
  cost: string;
}

/** What the company trains, and who did it when. Nothing stops the same record from being entered twice. */
export class Trainings {
  readonly types = new Map<number, TrainingType>();
  readonly categories = new Map<number, TrainingCategory>();
  readonly records = new Map<number, TrainingRecord>();
  private nextId = 1;

  constructor() {
    const safety = this.addCategory('Safety');
    this.addType({ name: 'Fire safety', renewable: true, frequency: 12, required: true, category: safety });
    this.addType({ name: 'First aid', category: safety });
    this.addType({ name: 'Welcome' });
    this.nextId = 1_275;
  }

  addCategory(name: string): TrainingCategory {
    const category = { id: this.newId(), name };
    this.categories.set(category.id, category);
    return category;
  }

  addType(details: Partial<TrainingType> & Pick<TrainingType, 'name'>): TrainingType {
    const type: TrainingType = {
      renewable: false,
      frequency: null,
      required: false,
      dueFromHireDate: null,
      linkUrl: null,
      description: null,
      allowEmployeesToMarkComplete: false,
      category: null,
      ...details,
      id: this.newId(),
    };
    this.types.set(type.id, type);
    return type;
  }

  addRecord(details: Omit<TrainingRecord, 'id'>): TrainingRecord {
    const record = { ...details, id: this.newId() };
    this.records.set(record.id, record);
    return record;
  }

  recordsOf(employeeId: number): TrainingRecord[] {
    return [...this.records.values()].filter((record) => record.employeeId === employeeId);
  }

  private newId(): number {
    const id = this.nextId;
    this.nextId += 1;
    return id;
  }
}
