import { useEffect, useRef, useState } from 'react';
import { ActionForm, TextField } from '../../../actions/form.tsx';
import { endHandOver, handedOver, NEW_POLICY } from '../../../actions/hand-over.ts';
import { filledTags, type Tag, TagsField, tagsProblem } from '../../../actions/tags-field.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { DocumentDiff } from '../../../components/document-diff.tsx';
import { Drawer } from '../../../components/drawer.tsx';
import { Failure, Skeleton } from '../../../components/states.tsx';
import { setParams } from '../../../data/location.ts';
import { typeName } from '../../../data/organization/policy-types.ts';
import { counted } from '../../../data/text.ts';
import { useQuery } from '../../../data/use-query.ts';
import { useOwnOrganization } from '../../../data/viewer.ts';
import { PolicyContentDocument } from '../policies.generated.ts';
import { nameOf, typeOf } from '../policy.ts';
import { isControlType } from '../reach.ts';
import { DocumentEditor, documentProblem } from './editor.tsx';
import type { PolicyFormProps } from './form-props.ts';
import {
  CreatePolicyDocument,
  type CreatePolicyMutationVariables,
  UpdatePolicyDocument,
} from './policy-actions.generated.ts';

const MAX_NAME = 128;
const MAX_DESCRIPTION = 512;

/** What is wrong with a policy's name, and the fix. */
const nameProblem = (name: string): string | undefined => {
  if (name.trim() === '') return 'There is no name. Type one.';
  return name.length > MAX_NAME
    ? `The name has ${name.length} characters, and AWS allows ${MAX_NAME}. Shorten it.`
    : undefined;
};

const descriptionProblem = (text: string): string | undefined =>
  text.length > MAX_DESCRIPTION
    ? `The description has ${text.length} characters, and AWS allows ${MAX_DESCRIPTION}. Shorten it.`
    : undefined;

/** JSON with indents; another text as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** What a new document begins with. */
function templateOf(type: string): string {
  if (!isControlType(type)) return '{\n  \n}';
  const statement = {
    Effect: 'Deny',
    ...(type === 'RESOURCE_CONTROL_POLICY' && { Principal: '*' }),
    Action: [],
    Resource: '*',
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, undefined, 2);
}

/** Creates a policy, or changes the name, description and document of one. */
export function DocumentForm(props: PolicyFormProps) {
  const { policy, onClose, view } = props;
  const content = useQuery(PolicyContentDocument, policy && { id: policy.id });
  const before = content.data?.policy?.content ?? undefined;
  const [error] = content.errors;
  const title = policy === undefined ? `New ${typeName(view.type)} policy` : `Edit ${nameOf(policy)}`;
  return (
    <Drawer title={title} onClose={onClose} hasMoves={false}>
      {policy === undefined || before !== undefined ? (
        <Fields {...props} former={before === undefined ? undefined : pretty(before)} />
      ) : error ? (
        <Failure title="The document cannot be read" error={error} onRetry={content.reload} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Drawer>
  );
}

interface FieldsProps extends PolicyFormProps {
  /** The document as it is; undefined for a new policy. */
  readonly former: string | undefined;
}

function Fields({ policy, view, filled, former, onClose }: FieldsProps) {
  const own = useOwnOrganization().name;
  const creating = useAction(CreatePolicyDocument);
  const updating = useAction(UpdatePolicyDocument);
  const type = policy === undefined ? view.type : typeOf(policy);
  // The policy when the form opened: it may be changed elsewhere meanwhile.
  const [start] = useState({
    name: policy?.name ?? '',
    description: policy?.description ?? '',
    content: former ?? templateOf(type),
  });
  const [draft] = useState(() => handedOver(policy?.id ?? NEW_POLICY));
  const [name, setName] = useState(filled.get('name') ?? start.name);
  const [description, setDescription] = useState(filled.get('description') ?? start.description);
  const [content, setContent] = useState(draft === undefined ? start.content : pretty(draft));
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const created = useRef<string>(undefined);
  useEffect(() => endHandOver, []);
  const { isSending, error } = policy === undefined ? creating : updating;
  const isNew = policy === undefined;
  const isOvertaken = former !== undefined && former !== start.content;

  const changes = {
    ...(name.trim() !== start.name && { name: name.trim() }),
    ...(description !== start.description && { description }),
    ...(content !== start.content && { content }),
  };
  const isChanged = Object.keys(changes).length > 0 || tags.length > 0;
  const problems = {
    name: nameProblem(name),
    description: descriptionProblem(description),
    content: documentProblem(type, content),
    tags: tagsProblem(tags),
  };
  const isValid = isChanged && Object.values(problems).every((problem) => problem === undefined);
  const onSubmit = async () => {
    if (policy !== undefined)
      return (await updating.send({ input: { policyId: policy.id, ...changes } })) !== undefined;
    const input: CreatePolicyMutationVariables['input'] = {
      ...{ name: name.trim(), description, content, type: type as CreatePolicyMutationVariables['input']['type'] },
      ...(filledTags(tags).length > 0 && { tags: [...filledTags(tags)] }),
    };
    const payload = await creating.send({ input });
    created.current = payload?.policy?.id;
    return payload !== undefined;
  };
  const reach = view.policies.find((each) => each.policy.id === policy?.id)?.reach;
  return (
    <div className="policy-form">
      <ActionForm
        scope="organization:write"
        failure={isNew ? `${name.trim() || 'The policy'} was not created` : `${start.name} was not changed`}
        submit={isNew ? 'Create policy' : 'Save policy'}
        calls={1}
        isFilled={isChanged}
        isValid={isValid}
        isSending={isSending}
        error={error}
        onSubmit={onSubmit}
        onClose={() =>
          created.current === undefined
            ? onClose()
            : setParams({ type, policy: created.current, action: undefined }, { replace: true })
        }
      >
        <p>
          {isNew
            ? `A policy of ${own} that is attached to nothing has no effect. Attach it after it is created.`
            : reach === 0
              ? `The policy of ${own} reaches no account now.`
              : `The change applies at once to ${reach === undefined ? 'all accounts' : counted(reach, 'account')} of ${own} that the policy reaches.`}
          {isControlType(type) && ' The management account is never limited by control policies.'}
        </p>
        <TextField label="Name" value={name} onChange={setName} problem={problems.name} hasFocus={isNew} />
        <TextField
          label="Description"
          isOptional
          value={description}
          onChange={setDescription}
          problem={problems.description}
        />
        {isOvertaken && (
          <p className="form-problem" role="status">
            The document has been changed meanwhile. Saving replaces that change.
          </p>
        )}
        <DocumentEditor type={type} value={content} onChange={setContent} />
        {!isNew && former !== undefined && pretty(content) !== former && (
          <section aria-label="Changes">
            <h3>Changes</h3>
            <DocumentDiff before={former} after={content} />
          </section>
        )}
        {isNew && <TagsField tags={tags} onChange={setTags} />}
        {!isNew && !isChanged && <p className="form-hint">Nothing has been changed yet.</p>}
      </ActionForm>
    </div>
  );
}
