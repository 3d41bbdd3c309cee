/** What every `projectId` argument says of itself. */
export const PROJECT = 'The project to work in. Defaults to the only (or default) project of the caller.';
