import {
  CreateOrganizationCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';

const clientOf = (url: string, account: string) =>
  new OrganizationsClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'not looked at' },
    maxAttempts: 10,
  });

/** Invites that many customers, each a management account of its own, to transfer their bill to the account. */
export async function inviteCustomers(url: string, account: string, count: number): Promise<void> {
  const partner = clientOf(url, account);
  const now = new Date();
  const start = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2));
  for (let index = 0; index < count; index += 1) {
    const id = `5${String(index).padStart(11, '0')}`;
    const customer = clientOf(url, id);
    await customer.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    customer.destroy();
    await partner.send(
      new InviteOrganizationToTransferResponsibilityCommand({
        Type: 'BILLING',
        Target: { Type: 'ACCOUNT', Id: id },
        StartTimestamp: start,
        SourceName: `Customer ${index + 1}`,
      }),
    );
  }
  partner.destroy();
}
