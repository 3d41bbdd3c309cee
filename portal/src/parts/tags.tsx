import { useState } from 'react';
import { AddResourceTagsDocument, RemoveResourceTagsDocument } from 'vpcep-gateway/documents';
import { readAddTags } from '../../../src/graphql/tag/resource-tag.validation.ts';
import { useWrite } from '../gateway/hooks.ts';
import { useText } from '../preferences.ts';
import { EditablePart, EditDialog } from './edit-dialog.tsx';
import { type TagPair, TagsField } from './form.tsx';
import { Values } from './small.tsx';

const en = { title: 'Tags' };
const zh: typeof en = { title: '标签' };

interface EditTagsProps {
  readonly type: 'ENDPOINT' | 'ENDPOINT_SERVICE';
  readonly resource: { readonly id: string; readonly projectId: string; readonly tags: readonly TagPair[] };
  /** Reads the resource again. */
  readonly again: () => void;
}

export function Tags({ canEdit, ...props }: EditTagsProps & { readonly canEdit: boolean }) {
  const t = useText({ en, zh });
  return (
    <EditablePart title={t.title} canEdit={canEdit} edit={(close) => <EditTags {...props} onClose={close} />}>
      <Values of={props.resource.tags.map(({ key, value }) => `${key}=${value}`)} />
    </EditablePart>
  );
}

/** System tags can be neither given nor taken. */
const isOwn = ({ key }: TagPair) => !key.startsWith('_sys_');

function EditTags({ type, resource, again, onClose }: EditTagsProps & { readonly onClose: () => void }) {
  const t = useText({ en, zh });
  const { id, projectId } = resource;
  const target = { resourceType: type, resourceId: id };
  const add = useWrite(AddResourceTagsDocument);
  const remove = useWrite(RemoveResourceTagsDocument);
  /** As the user has seen them: what others add meanwhile stays. */
  const [present, setPresent] = useState(() => resource.tags.filter(isOwn));
  const [tags, setTags] = useState<readonly TagPair[]>(present.map(({ key, value }) => ({ key, value })));

  /** Removes first, which makes room. */
  const write = async () => {
    const isKept = ({ key }: TagPair) => tags.some((tag) => tag.key === key);
    const removed = present.filter((tag) => !isKept(tag)).map(({ key }) => ({ key }));
    const added = tags.filter(({ key, value }) => !present.some((tag) => tag.key === key && tag.value === value));
    if (removed.length > 0) {
      const { data, error } = await remove.run({ projectId, input: { ...target, tags: removed } });
      if (error !== undefined) return error;
      setPresent(present.filter(isKept));
      if (!(data?.removeResourceTags?.endpoint ?? data?.removeResourceTags?.service)) again();
    }
    if (added.length > 0) {
      const { data, error } = await add.run({ projectId, input: { ...target, tags: [...added] } });
      if (error !== undefined) return error;
      if (!(data?.addResourceTags?.endpoint ?? data?.addResourceTags?.service)) again();
    }
    return undefined;
  };

  return (
    <EditDialog
      title={t.title}
      input={tags}
      read={(all) => all.length > 0 && readAddTags({ ...target, tags: [...all] })}
      write={write}
      onClose={onClose}
    >
      {(form) => <TagsField form={form} path="input.tags" label={t.title} tags={tags} onChange={setTags} />}
    </EditDialog>
  );
}
