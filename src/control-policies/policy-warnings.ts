import type { ControlPolicyType } from './check-control-policy.ts';
import { type PolicyWarning, plainVariable, warnAboutConditions } from './condition-warnings.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { isEveryAction } from './match-action.ts';
import { isVariableInResourcePart } from './match-resource.ts';
import { parsePolicyDocument, parseStringList, type Statement } from './policy-document.ts';
import { malformedTemplate, parseTemplate } from './policy-variables.ts';
import { rcpServices } from './rcp-services.ts';

/** Returns what AWS accepts in an SCP or RCP, and is likely a mistake. */
export function warnAboutPolicy(type: ControlPolicyType, document: JsonObject): readonly PolicyWarning[] {
  const hasVariables = document['Version'] === '2012-10-17';
  return parsePolicyDocument(document).statements.flatMap((statement) => [
    ...warnAboutEverything(statement),
    ...warnAboutResources(statement, hasVariables),
    ...(type === 'RESOURCE_CONTROL_POLICY' ? warnAboutServices(statement) : []),
    ...warnAboutConditions(statement, hasVariables),
  ]);
}

function warnAboutEverything({ path, elements }: Statement): readonly PolicyWarning[] {
  const { Effect: effect, Action: action, Resource: resource, Condition: condition } = elements;
  const isConditional = isJsonObject(condition) && Object.keys(condition).length > 0;
  const isEverything =
    effect === 'Deny' &&
    !isConditional &&
    parseStringList(action)?.some(isEveryAction) === true &&
    parseStringList(resource)?.includes('*') === true;
  if (!isEverything) return [];
  return [{ path, code: 'DENIES_EVERYTHING', message: 'the statement denies all actions on all resources' }];
}

function warnAboutResources({ path, elements }: Statement, hasVariables: boolean): readonly PolicyWarning[] {
  return ['Resource', 'NotResource'].flatMap((name) =>
    (parseStringList(elements[name]) ?? []).flatMap((text): readonly PolicyWarning[] => {
      const where = `${path}.${name}`;
      if (!text.includes('${')) return [];
      if (!hasVariables) return [plainVariable(where)];
      const template = parseTemplate(text, true);
      if (template.isMalformed) return [{ path: where, code: 'INVALID_VALUE', message: malformedTemplate('').message }];
      if (!template.hasVariables || isVariableInResourcePart(template)) return [];
      const message = 'AWS documents policy variables for the resource part of an ARN only';
      return [{ path: where, code: 'UNDOCUMENTED_RULE', message }];
    }),
  );
}

function warnAboutServices({ path, elements }: Statement): readonly PolicyWarning[] {
  return (parseStringList(elements['Action']) ?? []).flatMap((action): readonly PolicyWarning[] => {
    const service = action.slice(0, Math.max(action.indexOf(':'), 0)).toLowerCase();
    if (service === '' || /[*?]/.test(service) || rcpServices.has(service)) return [];
    const message = `${service} is not known to support RCPs, so that the statement has no effect on ${action}`;
    return [{ path: `${path}.Action`, code: 'UNSUPPORTED_SERVICE', message }];
  });
}
