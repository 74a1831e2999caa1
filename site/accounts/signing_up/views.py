"""The page to sign up."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import SignupView
from django.http import HttpResponse

from core.exceptions import ActionRefused

from .. import drafts
from ..admission import invitations
from .actions import address_of


class SignUpView(SignupView):
    """allauth's page; making the account is ours, and may be refused after the form was checked."""

    def closed(self) -> HttpResponse:
        """Say why nobody, or not everybody, can sign up; refuse a form that was sent."""
        response: HttpResponse = super().closed()
        response.status_code = 403 if self.request.method == "POST" else 200
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Make the account and mail the code, or show the form again with what was refused."""
        try:
            person = form.sign_up(invitations.opened(self.request))
        except ActionRefused as refused:
            form.add_error(refused.field, refused.message)
            again: HttpResponse = self.form_invalid(form)
            return again
        email = form.cleaned_data["email"]
        address_of(person, email)
        leads_to = self.get_success_url()
        drafts.bind(self.request, leads_to or "", person)
        login = Login(user=person, email=email, signup=True, redirect_url=leads_to)
        response: HttpResponse = perform_login(self.request, login)
        return response


sign_up = SignUpView.as_view()
