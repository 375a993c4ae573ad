ALTER TABLE messages RENAME "externalMessageId" TO "whatsappMessageId";
ALTER TABLE contacts DROP channel, DROP "externalId", DROP "firstName", DROP "lastName", DROP "companyName", DROP designation;
DELETE FROM contacts WHERE "phoneNumber" IS NULL;
ALTER TABLE contacts ALTER "phoneNumber" SET NOT NULL;
ALTER TABLE conversations DROP channel, DROP "isOpportunity", DROP "opportunityAt";
DROP TABLE quick_replies;
