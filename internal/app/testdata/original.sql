-- The tables of the original as its documentation of March tells them. The test takes
-- away what December did not have.
CREATE TABLE tenants (
  id text PRIMARY KEY, name text NOT NULL, slug text UNIQUE NOT NULL, email text UNIQUE NOT NULL, status text NOT NULL DEFAULT 'TRIAL',
  plan text NOT NULL DEFAULT 'BASIC', "maxAttendants" integer NOT NULL DEFAULT 10, "maxMessages" integer NOT NULL DEFAULT 10000,
  "trialEndsAt" timestamp(3), "whatsappPhoneNumberId" text, "whatsappAccessToken" text, "whatsappBusinessAccountId" text,
  "whatsappWebhookVerifyToken" text, "whatsappAppSecret" text, "n8nApiKey" text, "n8nWebhookUrl" text, metadata jsonb,
  "createdAt" timestamp(3) NOT NULL DEFAULT '2025-06-01', "updatedAt" timestamp(3) NOT NULL DEFAULT '2025-06-01');
CREATE TABLE users (
  id text PRIMARY KEY, "tenantId" text REFERENCES tenants ON DELETE CASCADE, email text UNIQUE NOT NULL, password text NOT NULL, name text NOT NULL,
  role text NOT NULL DEFAULT 'ATTENDANT', status text NOT NULL DEFAULT 'ACTIVE', "avatarUrl" text, "hotelUnit" text,
  "createdAt" timestamp(3) NOT NULL DEFAULT '2025-06-02', "updatedAt" timestamp(3) NOT NULL DEFAULT '2025-06-02', "lastLogin" timestamp(3));
CREATE TABLE contacts (
  id text PRIMARY KEY, "tenantId" text NOT NULL REFERENCES tenants ON DELETE CASCADE, channel text NOT NULL DEFAULT 'WHATSAPP', "externalId" text,
  "phoneNumber" text, name text, "profilePictureUrl" text, email text, "firstName" text, "lastName" text, "companyName" text, designation text,
  metadata jsonb, "createdAt" timestamp(3) NOT NULL DEFAULT '2025-06-03', "updatedAt" timestamp(3) NOT NULL DEFAULT '2025-06-03');
CREATE TABLE conversations (
  id text PRIMARY KEY, "tenantId" text NOT NULL REFERENCES tenants ON DELETE CASCADE, "contactId" text NOT NULL REFERENCES contacts ON DELETE CASCADE,
  "assignedToId" text REFERENCES users ON DELETE SET NULL, status text NOT NULL DEFAULT 'OPEN', priority text NOT NULL DEFAULT 'MEDIUM',
  channel text NOT NULL DEFAULT 'WHATSAPP', source text, "hotelUnit" text, "iaLocked" boolean NOT NULL DEFAULT false, "iaLockedAt" timestamp(3),
  "iaLockedBy" text, "isOpportunity" boolean NOT NULL DEFAULT false, "opportunityAt" timestamp(3),
  "lastMessageAt" timestamp(3) NOT NULL DEFAULT '2025-07-01', "createdAt" timestamp(3) NOT NULL DEFAULT '2025-06-04', "closedAt" timestamp(3), metadata jsonb);
CREATE TABLE messages (
  id text PRIMARY KEY, "tenantId" text NOT NULL REFERENCES tenants ON DELETE CASCADE, "conversationId" text NOT NULL REFERENCES conversations ON DELETE CASCADE,
  "externalMessageId" text UNIQUE, direction text NOT NULL, type text NOT NULL DEFAULT 'TEXT', content text NOT NULL, metadata jsonb,
  status text NOT NULL DEFAULT 'SENT', "sentById" text, timestamp timestamp(3) NOT NULL DEFAULT '2025-07-01', "createdAt" timestamp(3) NOT NULL DEFAULT '2025-07-01');
CREATE TABLE tags (id text PRIMARY KEY, "tenantId" text NOT NULL, name text NOT NULL, color text NOT NULL, "createdAt" timestamp(3) NOT NULL DEFAULT '2025-06-05');
CREATE TABLE "_ConversationToTag" ("A" text NOT NULL REFERENCES conversations ON DELETE CASCADE, "B" text NOT NULL REFERENCES tags ON DELETE CASCADE, UNIQUE ("A", "B"));
CREATE TABLE escalations (
  id text PRIMARY KEY, "tenantId" text NOT NULL, "conversationId" text NOT NULL REFERENCES conversations ON DELETE CASCADE, reason text NOT NULL,
  "reasonDetail" text, "hotelUnit" text, "aiContext" jsonb, status text NOT NULL DEFAULT 'PENDING', "attendedById" text, "attendedAt" timestamp(3),
  "createdAt" timestamp(3) NOT NULL DEFAULT '2025-07-02', "resolvedAt" timestamp(3));
CREATE TABLE usage_tracking (
  id text PRIMARY KEY, "tenantId" text NOT NULL, period timestamp(3) NOT NULL, "messagesCount" integer NOT NULL DEFAULT 0,
  "conversationsCount" integer NOT NULL DEFAULT 0, "activeUsers" integer NOT NULL DEFAULT 0, "createdAt" timestamp(3) NOT NULL DEFAULT '2025-07-03',
  "updatedAt" timestamp(3) NOT NULL DEFAULT '2025-07-03');
CREATE TABLE audit_logs (
  id text PRIMARY KEY, "tenantId" text, "userId" text, action text NOT NULL, entity text NOT NULL, "entityId" text, "oldData" jsonb, "newData" jsonb,
  metadata jsonb, "createdAt" timestamp(3) NOT NULL DEFAULT '2025-07-04');
CREATE TABLE webhook_events (id text PRIMARY KEY, "tenantId" text, source text NOT NULL, payload jsonb NOT NULL);
CREATE TABLE quick_replies (
  id text PRIMARY KEY, "tenantId" text NOT NULL, title text NOT NULL, shortcut text NOT NULL, content text NOT NULL, category text,
  "order" integer NOT NULL DEFAULT 0, "isActive" boolean NOT NULL DEFAULT true, "createdById" text REFERENCES users ON DELETE SET NULL,
  "createdAt" timestamp(3) NOT NULL DEFAULT '2025-07-05', "updatedAt" timestamp(3) NOT NULL DEFAULT '2025-07-05');
