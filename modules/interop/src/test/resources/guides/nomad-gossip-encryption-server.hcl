server {
enabled = true
# Self-elect, should be 3 or 5 for production. This is only for single node
# clusters which are strictly for development/demo.
bootstrap_expect = 1
# Encrypt gossip communication
encrypt = "+p7iF56z0EWoSIvhpYHWXZrSAAtnjR9l6XHRzHqQKlg="
}
