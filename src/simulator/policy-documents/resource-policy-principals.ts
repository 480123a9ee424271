import { textList } from './iam-document.ts';
import { isJsonObject, type JsonValue } from './json.ts';

const accountId = /^\d{12}$/;
const principalArn =
  /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(?:root$|user\/.|role\/.|assumed-role\/.|federated-user\/.)/;

/**
 * The accounts that a Principal element names, by id or by the ARN of the account or of somebody in it; undefined when it is anything else.
 *
 * A delegation policy names "the member accounts to which you want to delegate". Whether AWS takes "*" there is not documented; we do not,
 * nor service or federated principals.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalAccounts(principal: JsonValue | undefined): readonly string[] | undefined {
  if (!isJsonObject(principal) || Object.keys(principal).length !== 1) return undefined;
  const accounts = textList(principal['AWS'])?.map((text) =>
    accountId.test(text) ? text : principalArn.exec(text)?.[1],
  );
  const known = accounts?.filter((account) => account !== undefined);
  return known !== undefined && known.length === accounts?.length ? known : undefined;
}
