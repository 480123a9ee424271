package invite

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// InviteAccounts invites accounts, except those that are invited already or in an organization. It returns the ids of
// the invited.
func InviteAccounts(ctx context.Context, client *organizations.Client, accountIDs []string) ([]string, error) {
	invited := []string{}
	for _, id := range accountIDs {
		_, err := client.InviteAccountToOrganization(ctx, &organizations.InviteAccountToOrganizationInput{
			Target: &types.HandshakeParty{Type: types.HandshakePartyTypeAccount, Id: aws.String(id)},
		})
		var duplicate *types.DuplicateHandshakeException
		var violation *types.HandshakeConstraintViolationException
		switch {
		case err == nil:
			invited = append(invited, id)
		case errors.As(err, &duplicate):
		case errors.As(err, &violation) &&
			violation.Reason == types.HandshakeConstraintViolationExceptionReasonAlreadyInAnOrganization:
		default:
			return invited, err
		}
	}
	return invited, nil
}
