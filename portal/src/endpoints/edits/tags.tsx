import { useState } from 'react';
import { AddResourceTagsDocument, RemoveResourceTagsDocument } from 'vpcep-gateway/documents';
import { readAddTags } from '../../../../src/graphql/tag/resource-tag.validation.ts';
import { useWrite } from '../../gateway/hooks.ts';
import { EditablePart, EditDialog } from '../../parts/edit-dialog.tsx';
import { type TagPair, TagsField } from '../../parts/form.tsx';
import { Values } from '../../parts/small.tsx';
import { useText } from '../../preferences.ts';
import type { EditProps } from './edit.ts';

const en = { title: 'Tags' };
const zh: typeof en = { title: '标签' };

interface TagsProps extends EditProps {
  /** Reads the endpoint again. */
  readonly again: () => void;
}

export function Tags({ endpoint, canEdit, again }: TagsProps) {
  const t = useText({ en, zh });
  return (
    <EditablePart
      title={t.title}
      canEdit={canEdit}
      edit={(close) => <EditTags endpoint={endpoint} again={again} onClose={close} />}
    >
      <Values of={endpoint.tags.map(({ key, value }) => `${key}=${value}`)} />
    </EditablePart>
  );
}

/** System tags can be neither given nor taken. */
const isOwn = ({ key }: TagPair) => !key.startsWith('_sys_');

function EditTags({ endpoint, again, onClose }: Omit<TagsProps, 'canEdit'> & { readonly onClose: () => void }) {
  const t = useText({ en, zh });
  const { id, projectId } = endpoint;
  const resource = { resourceType: 'ENDPOINT' as const, resourceId: id };
  const add = useWrite(AddResourceTagsDocument);
  const remove = useWrite(RemoveResourceTagsDocument);
  const present = endpoint.tags.filter(isOwn);
  const [tags, setTags] = useState<readonly TagPair[]>(present.map(({ key, value }) => ({ key, value })));

  /** Removes first, which makes room. When the second call fails, what is left is the difference to what is there then. */
  const write = async () => {
    const removed = present.filter(({ key }) => !tags.some((tag) => tag.key === key)).map(({ key }) => ({ key }));
    const added = tags.filter(({ key, value }) => !present.some((tag) => tag.key === key && tag.value === value));
    if (removed.length > 0) {
      const { data, error } = await remove.run({ projectId, input: { ...resource, tags: removed } });
      if (error !== undefined) return error;
      if (data?.removeResourceTags?.endpoint == null) again();
    }
    if (added.length > 0) {
      const { data, error } = await add.run({ projectId, input: { ...resource, tags: [...added] } });
      if (error !== undefined) return error;
      if (data?.addResourceTags?.endpoint == null) again();
    }
    return undefined;
  };

  return (
    <EditDialog
      title={t.title}
      input={tags}
      read={(all) => all.length > 0 && readAddTags({ ...resource, tags: [...all] })}
      write={write}
      onClose={onClose}
    >
      {(form) => <TagsField form={form} path="input.tags" label={t.title} tags={tags} onChange={setTags} />}
    </EditDialog>
  );
}
