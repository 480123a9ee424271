def invite_accounts(client, account_ids):
    """Invites accounts, except those that are invited already or in an organization. Returns the ids of the invited."""
    invited = []
    for account_id in account_ids:
        try:
            client.invite_account_to_organization(Target={"Type": "ACCOUNT", "Id": account_id})
            invited.append(account_id)
        except client.exceptions.DuplicateHandshakeException:
            pass
        except client.exceptions.HandshakeConstraintViolationException as error:
            if error.response["Reason"] != "ALREADY_IN_AN_ORGANIZATION":
                raise
    return invited
