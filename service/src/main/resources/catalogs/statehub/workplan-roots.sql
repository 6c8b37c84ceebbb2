select slug as repo_slug, local_path
from {managed_repos}
where status = 'active' and local_path is not null
