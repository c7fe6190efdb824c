import { SCOPES, type Scopes } from './auth/scopes.js';
import { datasetFields, fieldOptions, listDatasets } from './datasets/catalogue.js';
import { datasetV1 } from './datasets/v1.js';
import { datasetV2 } from './datasets/v2.js';
import { changedEmployees, changedTable } from './employees/changed.js';
import { directory } from './employees/directory.js';
import { getEmployee } from './employees/get-employee.js';
import { listEmployees } from './employees/list-employees.js';
import { employeeTable } from './employees/tables.js';
import { createEmployee, deleteEmployee, updateEmployee } from './employees/write-employee.js';
import { addTableRow, changeTableRow, deleteTableRow } from './employees/write-table.js';
import { metaLists } from './meta/lists.js';
import { companyInformation, metaFields, metaTables } from './meta/meta.js';
import { metaUsers } from './meta/users.js';
import { countries, getLocation, listLocations, provinces } from './meta/places.js';
import { employeeFiles } from './more/files.js';
import { employeePhoto } from './more/photos.js';
import { timeOffPolicies, timeOffRequests, timeOffTypes, whosOut } from './more/time-off.js';
import {
  createTrainingRecord,
  deleteTrainingRecord,
  listTrainingRecords,
  updateTrainingRecord,
} from './more/training-records.js';
import {
  createTrainingCategory,
  createTrainingType,
  deleteTrainingCategory,
  deleteTrainingType,
  listTrainingCategories,
  listTrainingTypes,
  updateTrainingCategory,
  updateTrainingType,
} from './more/training-types.js';
import { customReport, listReports, runReport, savedReport } from './reports/handlers.js';
import type { BambooHandler, Version } from './request.js';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  monitorFields,
  postFields,
  updateWebhook,
  webhookLog,
} from './webhooks/handlers.js';

export interface Operation {
  readonly scopes: Scopes;
  readonly versions: readonly Version[];
  readonly handler: BambooHandler;
  /** Changes something: a user who may only read is refused. */
  readonly writes: boolean;
}

const V1: readonly Version[] = ['v1', 'v1_1', 'v1_2'];

const DATASETS: readonly Version[] = ['v1', 'v1_2'];

const reads = (scopes: Scopes, handler: BambooHandler, versions = V1): Operation => ({
  scopes,
  versions,
  handler,
  writes: false,
});

const writes = (scopes: Scopes, handler: BambooHandler, versions = V1): Operation => ({
  scopes,
  versions,
  handler,
  writes: true,
});

/** By `METHOD /path` below the version. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /employees': reads(SCOPES.list, listEmployees),
  'GET /employees/directory': reads(SCOPES.directory, directory),
  'GET /employees/changed': reads(SCOPES.changed, changedEmployees),
  'GET /employees/changed/tables/:table': reads(SCOPES.changedTables, changedTable),
  'GET /employees/:id': reads(SCOPES.read, getEmployee),
  'GET /employees/:id/tables/:table': reads(SCOPES.readTable, employeeTable),
  'POST /employees': writes(SCOPES.write, createEmployee),
  'POST /employees/:id': writes(SCOPES.write, updateEmployee),
  'DELETE /employees/:id': writes(SCOPES.remove, deleteEmployee),
  'POST /employees/:id/tables/:table': writes(SCOPES.addRow, addTableRow),
  'POST /employees/:id/tables/:table/:rowId': writes(SCOPES.changeRow, changeTableRow),
  'DELETE /employees/:id/tables/:table/:rowId': writes(SCOPES.changeRow, deleteTableRow),
  'POST /reports/custom': reads(SCOPES.report, customReport),
  'GET /reports/:id': reads(SCOPES.report, savedReport),
  'GET /custom-reports': reads(SCOPES.report, listReports),
  'GET /custom-reports/:id': reads(SCOPES.report, runReport),
  'GET /datasets': reads(SCOPES.report, listDatasets, DATASETS),
  'GET /datasets/:name/fields': reads(SCOPES.report, datasetFields, DATASETS),
  'POST /datasets/:name/field-options': reads(SCOPES.field, fieldOptions, DATASETS),
  'POST /datasets/:name': reads(SCOPES.report, datasetV1, ['v1']),
  'POST /datasets/:name/data': reads(SCOPES.report, datasetV2, ['v2']),
  'GET /meta/fields': reads(SCOPES.fields, metaFields),
  'GET /meta/tables': reads(SCOPES.field, metaTables),
  'GET /meta/lists': reads(SCOPES.field, metaLists),
  'GET /meta/users': reads(SCOPES.user, metaUsers),
  'GET /meta/countries/options': reads(SCOPES.field, countries),
  'GET /meta/provinces/:id': reads(SCOPES.field, provinces),
  'GET /meta/time_off/types': reads(SCOPES.timeOff, timeOffTypes),
  'GET /meta/time_off/policies': reads(SCOPES.timeOff, timeOffPolicies),
  'GET /hris/org/locations': reads(SCOPES.field, listLocations),
  'GET /hris/org/locations/:id': reads(SCOPES.field, getLocation),
  'GET /employees/:id/photo/:size': reads(SCOPES.photo, employeePhoto),
  'GET /employees/:id/files/view': reads(SCOPES.files, employeeFiles),
  'GET /time_off/requests': reads(SCOPES.timeOff, timeOffRequests),
  'GET /time_off/whos_out': reads(SCOPES.timeOff, whosOut),
  'GET /training/type': reads(SCOPES.training, listTrainingTypes),
  'POST /training/type': writes(SCOPES.writeTraining, createTrainingType),
  'PUT /training/type/:id': writes(SCOPES.writeTraining, updateTrainingType),
  'DELETE /training/type/:id': writes(SCOPES.writeTraining, deleteTrainingType),
  'GET /training/category': reads(SCOPES.training, listTrainingCategories),
  'POST /training/category': writes(SCOPES.writeTraining, createTrainingCategory),
  'PUT /training/category/:id': writes(SCOPES.writeTraining, updateTrainingCategory),
  'DELETE /training/category/:id': writes(SCOPES.writeTraining, deleteTrainingCategory),
  'GET /training/record/employee/:id': reads(SCOPES.training, listTrainingRecords),
  'POST /training/record/employee/:id': writes(SCOPES.writeTraining, createTrainingRecord),
  'PUT /training/record/:id': writes(SCOPES.writeTraining, updateTrainingRecord),
  'DELETE /training/record/:id': writes(SCOPES.writeTraining, deleteTrainingRecord),
  'GET /webhooks': reads(SCOPES.webhooks, listWebhooks),
  'POST /webhooks': reads(SCOPES.webhooks, createWebhook),
  'GET /webhooks/monitor_fields': reads(SCOPES.webhooks, monitorFields),
  'GET /webhooks/post-fields': reads(SCOPES.webhooks, postFields),
  'GET /webhooks/:id': reads(SCOPES.webhooks, getWebhook),
  'PUT /webhooks/:id': reads(SCOPES.webhooks, updateWebhook),
  'DELETE /webhooks/:id': reads(SCOPES.webhooks, deleteWebhook),
  'GET /webhooks/:id/log': reads(SCOPES.webhooks, webhookLog),
  'GET /company_information': reads(SCOPES.company, companyInformation),
};
