"""Django looks for models here; each stands in a module of its own."""

from .contact import ContactSettings as ContactSettings
from .contact import FooterLink as FooterLink
from .declaration import Declaration as Declaration
from .declaration import DeclarationVersion as DeclarationVersion
from .snippets import Announcement as Announcement
from .snippets import Guidance as Guidance
